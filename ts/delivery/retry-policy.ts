/** When and how often a group tries again. */
export interface RetryRules {
  /** Most deliveries of a message that were not acknowledged, `retryLater` apart. */
  readonly maxDeliver: number
  /** Waits after the first failure, the second and so on, in milliseconds; the last one counts for all that follow. */
  readonly backoffMs: readonly number[]
  /** How long a key waits with a message that is tried again, in milliseconds, counted from its first failure. */
  readonly maxBlockMs: number
}

/** How much a wait of the back-off list varies, up and down. */
const JITTER = 0.2

export const DEFAULT_RULES: RetryRules = {
  maxDeliver: 5,
  backoffMs: [10, 100, 1_000, 5_000, 30_000],
  maxBlockMs: 30_000,
}

/**
 * The wait after so many failures, with its jitter: many that failed together do not come back together.
 *
 * @param random From 0 to 1.
 */
export function backoff({ backoffMs }: RetryRules, failures: number, random: number): number {
  const ms = backoffMs[Math.min(failures, backoffMs.length) - 1]
  return ms * (1 - JITTER + 2 * JITTER * random)
}
