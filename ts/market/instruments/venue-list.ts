import { show } from '../../errors.js'
import type { Entry } from './entry.js'
import type { Listing } from './instrument.js'
import { isObject, type Json, type JsonObject, valueOf } from './json.js'

/** How the instrument list of one venue is read: one file each. */
export interface VenueList {
  /** The venue's code, the last part of its ids. */
  readonly venue: string
  /** Hosts that serve the list. */
  readonly hosts: readonly string[]
  /**
   * Where the entries lie in a reply; an object stands for its values under their names. The URL is there if the caller
   * gave one.
   *
   * @throws {ListFault} if the reply is no list.
   */
  entries(reply: Json, url: URL | undefined): readonly Json[] | JsonObject
  /**
   * Reads one entry.
   *
   * @throws {EntryFault}
   */
  read(entry: Entry, url: URL | undefined): Listing
}

/** Thrown for a reply that is no instrument list; the reason becomes part of `TICKBUS_INSTRUMENTS`. */
export class ListFault extends Error {}

/** The reply itself, which is an array. */
export function listOf(reply: Json): readonly Json[] {
  if (Array.isArray(reply)) return reply
  throw noList(reply)
}

/** The array in one of the reply's fields. */
export function listIn(reply: Json, field: string): readonly Json[] {
  const list = isObject(reply) ? valueOf(reply, field) : undefined
  if (Array.isArray(list)) return list
  throw noList(reply)
}

/** The object in one of the reply's fields. */
export function objectIn(reply: Json, field: string): JsonObject {
  const found = isObject(reply) ? valueOf(reply, field) : undefined
  if (isObject(found)) return found
  throw noList(reply)
}

/** Refuses a reply whose code says that something went wrong, whatever else it holds. */
export function expectCode(reply: Json, field: string, good: string): void {
  if (!isObject(reply) || valueOf(reply, field) !== good) throw noList(reply)
}

/** Refuses a reply that lists errors, whatever else it holds. */
export function expectNone(reply: Json, field: string): void {
  const errors = isObject(reply) ? valueOf(reply, field) : undefined
  if (Array.isArray(errors) && errors.length > 0) throw noList(reply)
}

/** Where venues say what went wrong. */
const COMPLAINTS = ['msg', 'message', 'ret_msg', 'retMsg', 'err-msg', 'error', 'errorCode', 'description']

function noList(reply: Json): ListFault {
  const said = complaint(reply)
  return new ListFault(said === undefined ? 'it is not the reply that is documented' : `the venue says ${show(said)}`)
}

/** Venues say it at the top, or in an object or a list there: three levels reach it. */
function complaint(reply: Json | undefined, levels = 3): string | undefined {
  if (typeof reply === 'string') return reply
  if (levels === 0) return undefined
  if (Array.isArray(reply)) return complaint(reply[0], levels - 1)
  if (!isObject(reply)) return undefined
  const found = COMPLAINTS.map((field) => valueOf(reply, field)).find((value) => value !== undefined && value !== '')
  return complaint(found, levels - 1)
}
