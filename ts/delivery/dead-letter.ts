import { createHash } from 'node:crypto'

/**
 * Why a message became a dead letter. `failed`: its handler threw, rejected or said `nack` too often; `timedOut`: the last of
 * its deliveries ran out of time; `blocked`: its key would have waited for it for too long; `terminated`: its handler said so;
 * `expired`: its deadline passed; `undecodable`: its bytes could not be read; `workerLost`: two threads died with it in hand.
 */
export type DeathReason = 'failed' | 'timedOut' | 'blocked' | 'terminated' | 'expired' | 'undecodable' | 'workerLost'

/** One delivery that was not acknowledged. */
export interface FailedAttempt {
  /** 1 for the first. */
  readonly attempt: number
  /** When it came to its end, in nanoseconds since the bus was opened. */
  readonly atNs: number
  readonly reason: 'failed' | 'nacked' | 'timedOut' | 'terminated' | 'undecodable' | 'workerLost'
  /** Name of the error's class; undefined where there was none. */
  readonly errorClass: string | undefined
  readonly errorMessage: string | undefined
  /** Equal for errors that were thrown in the same place: see {@link stackHash}. */
  readonly stackHash: string | undefined
  /** worker_threads id of the thread in which the handler ran; 0 for the main thread, -1 for one that died. */
  readonly worker: number
}

/** What a group could not deliver, and why. */
export interface DeadLetter {
  /** The letter's own number in its store: one message can die in several groups. */
  readonly number: number
  /** The message's id, as its receipt has it. */
  readonly id: number
  readonly topic: string
  readonly group: string
  readonly key: string | undefined
  readonly priority: number
  /** When it was published and when it died, in nanoseconds since the bus was opened. */
  readonly publishedNs: number
  readonly diedNs: number
  readonly reason: DeathReason
  /** What the handler gave as its reason to terminate; otherwise the message of the last error. */
  readonly note: string | undefined
  /** The last 64 deliveries that were not acknowledged, the oldest first. */
  readonly attempts: readonly FailedAttempt[]
  /** undefined if it could not be read. */
  readonly message: unknown
}

/** What an error says of itself. Nothing for no error. */
export function describeError(error: unknown): Pick<FailedAttempt, 'errorClass' | 'errorMessage' | 'stackHash'> {
  if (error === undefined) return { errorClass: undefined, errorMessage: undefined, stackHash: undefined }
  if (!(error instanceof Error)) return { errorClass: typeof error, errorMessage: text(error), stackHash: undefined }
  return { errorClass: error.constructor.name, errorMessage: error.message, stackHash: stackHash(error) }
}

/** The first 16 hexadecimal digits of the SHA-256 of an error's frames, without its message: what failed in one place is alike. */
export function stackHash({ stack }: Error): string | undefined {
  const frames = typeof stack === 'string' ? stack.split('\n').filter((line) => /^\s+at /.test(line)) : []
  if (frames.length === 0) return undefined
  return createHash('sha256').update(frames.join('\n')).digest('hex').slice(0, 16)
}

/** Of what was thrown and is no error; it may be unable to say. */
function text(value: unknown): string {
  try {
    return String(value)
  } catch {
    return 'a value without a text'
  }
}
