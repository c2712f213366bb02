import { DEFAULT_RULES, DEFAULT_WINDOW } from '../delivery/index.js'
import { badArgument } from '../errors.js'
import type { GroupSettings } from './group-host.js'
import type { GroupOptions } from './group-options.js'

/** Most deliveries of a message: an envelope counts them in 16 bits. */
const DELIVER_MOST = 1_000
const BACKOFFS_MOST = 64
const BACKOFF_MS_MOST = 3_600_000
/** Of messages that may not be lost. */
const ACK_WAIT_MS = 5_000
const MS_MOST = 2 ** 31 - 1
const WINDOW_MOST = 2 ** 24

/**
 * What a group's options say about acknowledgement.
 *
 * @throws {TickbusError} `TICKBUS_ARGUMENT`
 */
export function deliverySettings(options: GroupOptions): Pick<GroupSettings, 'rules' | 'ackWait' | 'window'> {
  const {
    maxDeliver = DEFAULT_RULES.maxDeliver,
    backoffMs = DEFAULT_RULES.backoffMs,
    maxBlockMs = DEFAULT_RULES.maxBlockMs,
    ackWaitMs,
    idempotency = {},
  } = options
  if (!isWhole(maxDeliver, 1, DELIVER_MOST))
    throw badArgument('maxDeliver', 'a whole number from 1 to 1,000', maxDeliver)
  if (!Array.isArray(backoffMs) || !isWhole(backoffMs.length, 1, BACKOFFS_MOST) || !backoffMs.every(isBackoff)) {
    throw badArgument('backoffMs', '1 to 64 waits of 0 to 3,600,000 milliseconds', backoffMs)
  }
  if (!isNumber(maxBlockMs, 0, MS_MOST)) throw badArgument('maxBlockMs', 'milliseconds, 0 to 2,147,483,647', maxBlockMs)
  if (ackWaitMs !== undefined && !isNumber(ackWaitMs, 1, MS_MOST)) {
    throw badArgument('ackWaitMs', 'milliseconds, 1 to 2,147,483,647', ackWaitMs)
  }
  if (typeof idempotency !== 'object' || idempotency === null) {
    throw badArgument('idempotency', 'an object of size and ms', idempotency)
  }
  const { size = DEFAULT_WINDOW.size, ms = DEFAULT_WINDOW.ms } = idempotency
  if (!isWhole(size, 1, WINDOW_MOST)) throw badArgument('idempotency.size', 'a whole number from 1 to 16,777,216', size)
  if (!isNumber(ms, 1, MS_MOST)) throw badArgument('idempotency.ms', 'milliseconds, 1 to 2,147,483,647', ms)
  return {
    rules: { maxDeliver, backoffMs: [...backoffMs], maxBlockMs },
    ackWait: { durableNs: (ackWaitMs ?? ACK_WAIT_MS) * 1e6, otherNs: (ackWaitMs ?? Infinity) * 1e6 },
    window: { size, ms },
  }
}

function isBackoff(ms: unknown): boolean {
  return isNumber(ms, 0, BACKOFF_MS_MOST)
}

function isNumber(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && isNumber(value, least, most)
}
