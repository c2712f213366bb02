import type { Overflow, Policy, ScheduledLane, ScheduleOptions } from '../../lane-core.js'
import { badArgument } from '../../errors.js'
import { ENVELOPE_BYTES, ENVELOPES_MOST, LANES_MOST, PORT_WORDS } from '../../layout.js'

const OVERFLOWS: readonly Overflow[] = ['block', 'reject', 'dropOldest', 'dropNewest', 'conflate']
const POLICIES: readonly Policy[] = ['strict', 'weighted', 'deadline', 'fifo']
/** Longest time that is taken, in nanoseconds: times are doubles that hold every nanosecond up to here. */
const LONGEST_NS = Number.MAX_SAFE_INTEGER

/**
 * What both backends demand of a schedule's options.
 *
 * @throws {TickbusError} `TICKBUS_ARGUMENT`
 */
export function checkSchedule({ port, envelopes, lanes, policy, urgent, ageNs }: ScheduleOptions): void {
  if (!isShared(port) || port.byteLength !== 4 * PORT_WORDS) {
    throw badArgument('port', `${4 * PORT_WORDS} bytes of shared memory that begin at a multiple of 8`, port)
  }
  if (!isShared(envelopes) || !isWhole(envelopes.byteLength / ENVELOPE_BYTES, 1, ENVELOPES_MOST)) {
    const expected = `shared memory of 1 to ${ENVELOPES_MOST} times ${ENVELOPE_BYTES} bytes that begins at a multiple of 8`
    throw badArgument('envelopes', expected, envelopes)
  }
  if (!isWhole(lanes.length, 1, LANES_MOST)) throw badArgument('lanes', `1 to ${LANES_MOST} lanes`, lanes.length)
  lanes.forEach(checkLane)
  if (!POLICIES.includes(policy)) throw badArgument('policy', `one of ${POLICIES.join(', ')}`, policy)
  if (!isWhole(urgent, 0, lanes.length)) {
    throw badArgument('urgent', `a whole number up to ${lanes.length}, the number of lanes`, urgent)
  }
  if (!isTime(ageNs)) throw badArgument('ageNs', 'nanoseconds, 0 for no bound', ageNs)
}

function checkLane({ capacity, overflow, weight, shedTargetNs, shedIntervalNs }: ScheduledLane, lane: number): void {
  const name = (field: string) => `lanes[${lane}].${field}`
  if (!isWhole(capacity, 1, ENVELOPES_MOST)) {
    throw badArgument(name('capacity'), `a whole number from 1 to ${ENVELOPES_MOST}`, capacity)
  }
  if (!OVERFLOWS.includes(overflow)) {
    throw badArgument(name('overflow'), `one of ${OVERFLOWS.join(', ')}`, overflow)
  }
  if (!isWhole(weight, 1, 0xffff)) throw badArgument(name('weight'), 'a whole number from 1 to 65,535', weight)
  if (!isTime(shedTargetNs)) throw badArgument(name('shedTargetNs'), 'nanoseconds, 0 for never', shedTargetNs)
  if (!isTime(shedIntervalNs) || (shedTargetNs > 0 && shedIntervalNs === 0)) {
    throw badArgument(name('shedIntervalNs'), 'nanoseconds, more than 0 where a target is given', shedIntervalNs)
  }
}

function isShared(bytes: Uint8Array): boolean {
  return bytes instanceof Uint8Array && bytes.buffer instanceof SharedArrayBuffer && bytes.byteOffset % 8 === 0
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}

function isTime(value: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= LONGEST_NS
}
