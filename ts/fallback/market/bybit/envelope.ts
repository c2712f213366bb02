import { Misfit } from '../reject.js'
import { ascii, type Scanner } from '../scanner.js'
import type { Slots } from '../slots.js'

/** What a frame says around its data, by slots. */
export const TOPIC = 0
export const TYPE = 1
export const FRAME_MS = 2
export const ENGINE_MS = 3
export const FRAME_US = 4
export const BOOK_CROSS = 5
export const TICKER_CROSS = 6
export const SUCCESS = 7
export const OPERATION = 8
export const MESSAGE = 9
export const DATA = 10

/** Whether the data are all there is, and not what has changed. */
export function isSnapshot(envelope: Slots, frame: Scanner): boolean {
  envelope.require(TYPE, 'type')
  const isWhole = envelope.is(TYPE, SNAPSHOT, frame)
  if (!isWhole && !envelope.is(TYPE, DELTA, frame)) throw new Misfit('field', 'type')
  return isWhole
}

/** When it happened at the matching engine where that is given, else when the frame was made. */
export function unixMs(envelope: Slots): number {
  if (envelope.isFilled(ENGINE_MS, 'cts')) return envelope.number(ENGINE_MS)
  envelope.require(FRAME_MS, 'ts')
  return envelope.number(FRAME_MS)
}

const SNAPSHOT = ascii('snapshot')
const DELTA = ascii('delta')
