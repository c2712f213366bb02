import type { JoinOptions } from '../core.js'
import { badArgument, TickbusError } from '../errors.js'
import {
  LAYOUT_HASH,
  MEMBER_WORD_GENERATION,
  MEMBER_WORDS,
  MEMBERS,
  ROSTER_HEADER_WORDS,
  ROSTER_MAGIC,
  ROSTER_WORD_HASH,
  ROSTER_WORD_MAGIC,
  ROSTER_WORDS,
} from '../layout.js'

/**
 * What both backends demand of whoever joins.
 *
 * @throws {TickbusError} `TICKBUS_ARGUMENT`, `TICKBUS_TICKET`
 */
export function checkJoin({ roster, slot, generation }: JoinOptions): void {
  if (!Number.isInteger(slot) || slot < 0 || slot >= MEMBERS) {
    throw badArgument('slot', `a whole number below ${MEMBERS}`, slot)
  }
  if (!(roster instanceof Uint8Array) || !(roster.buffer instanceof SharedArrayBuffer)) {
    throw refused('its roster is not in shared memory')
  }
  if (roster.byteLength !== 4 * ROSTER_WORDS || roster.byteOffset % 8 !== 0)
    throw refused('its roster has the wrong length')
  const words = new Uint32Array(roster.buffer, roster.byteOffset, ROSTER_WORDS)
  if (words[ROSTER_WORD_MAGIC] !== ROSTER_MAGIC) throw refused('its roster is not the roster of a bus')
  if (words[ROSTER_WORD_HASH] !== LAYOUT_HASH) throw refused('it was made by another version of tickbus')
  const claimed = Atomics.load(words, ROSTER_HEADER_WORDS + slot * MEMBER_WORDS + MEMBER_WORD_GENERATION)
  if (claimed !== generation) throw refused('its roster is not the one in which the slot was claimed')
}

function refused(reason: string): TickbusError {
  return new TickbusError('TICKBUS_TICKET', { reason })
}
