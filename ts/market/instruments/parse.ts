import { show, TickbusError } from '../../errors.js'
import { Entry, EntryFault, type SkipReason } from './entry.js'
import { define, type Instrument } from './instrument.js'
import { isObject, type Json, type JsonObject, readJson, showJson } from './json.js'
import { ListFault, type VenueList } from './venue-list.js'
import { lists } from './venues/index.js'

/** An entry of a list that became no instrument. */
export interface SkippedEntry {
  /** Where it stands in the list, from 0. */
  readonly position: number
  /** Under which name, in a list that is an object; its position otherwise. */
  readonly key: string
  readonly reason: SkipReason
  readonly field: string | undefined
  /** What was expected and what was there. */
  readonly detail: string
}

/** What became of a list: `entries` is the number of instruments and of all that was skipped. */
export interface ParsedInstruments {
  readonly venue: string
  readonly instruments: readonly Instrument[]
  readonly entries: number
  readonly skipped: Readonly<Record<SkipReason, number>>
  /** The first 64 that were skipped. */
  readonly samples: readonly SkippedEntry[]
}

/** Codes of the venues whose lists can be read. */
export const instrumentVenues: readonly string[] = [...lists.keys()]

/** Longest reply that is read, in UTF-16 units; the longest of the real ones has 2 million. */
const MOST_LENGTH = 1 << 26
const MOST_SAMPLES = 64

/**
 * Reads the reply of a venue's public instrument list. `source` is the URL that gave it, or the venue's code in any
 * case; Bithumb needs the URL. A single bad entry is skipped and counted.
 *
 * @throws {TickbusError} `TICKBUS_INSTRUMENTS` if the venue is none of `instrumentVenues`, or the reply is no such
 * list: cut off, a page, an error message of the venue, longer than 67,108,864 characters.
 */
export function parseInstruments(source: string | URL, body: string): ParsedInstruments {
  const url = urlOf(source)
  const list = url === undefined ? listOfCode(source as string) : listOfHost(url)
  try {
    return new Parsing(list, url).run(list.entries(read(body), url))
  } catch (error) {
    if (!(error instanceof ListFault)) throw error
    throw fault(list.venue, error.message, error.cause)
  }
}

function urlOf(source: string | URL): URL | undefined {
  if (source instanceof URL) return source
  return typeof source === 'string' && source.includes('://') && URL.canParse(source) ? new URL(source) : undefined
}

function listOfCode(code: string): VenueList {
  const list = typeof code === 'string' ? lists.get(code.toUpperCase()) : undefined
  if (list !== undefined) return list
  throw fault(show(code), `it is none of the venues that are known: ${instrumentVenues.join(', ')}`)
}

function listOfHost({ hostname }: URL): VenueList {
  for (const list of lists.values()) if (list.hosts.includes(hostname)) return list
  throw fault(show(hostname), 'no venue is known to have its list there; give the code of the venue instead of the URL')
}

function read(body: string): Json {
  if (typeof body !== 'string') throw new ListFault(`expected text, got ${show(body)}`)
  if (body.length > MOST_LENGTH) throw new ListFault(`it is longer than ${MOST_LENGTH} characters`)
  try {
    return readJson(body)
  } catch (cause) {
    const where = body.length > 80 ? 'begins with' : 'is'
    throw new ListFault(`it is not JSON, or cut off; it ${where} ${show(body.slice(0, 80))}`, { cause })
  }
}

function fault(venue: string, reason: string, cause?: unknown): TickbusError {
  return new TickbusError('TICKBUS_INSTRUMENTS', { venue, reason }, cause)
}

/** One list on its way to definitions. */
class Parsing {
  readonly #list: VenueList
  readonly #url: URL | undefined
  readonly #instruments = new Map<string, Instrument>()
  readonly #skipped: Record<SkipReason, number> = { object: 0, field: 0, kind: 0, duplicate: 0 }
  readonly #samples: SkippedEntry[] = []

  constructor(list: VenueList, url: URL | undefined) {
    this.#list = list
    this.#url = url
  }

  run(entries: readonly Json[] | JsonObject): ParsedInstruments {
    const keys = Object.keys(entries)
    for (const [position, key] of keys.entries()) this.#take(position, key, (entries as JsonObject)[key])
    return {
      venue: this.#list.venue,
      instruments: [...this.#instruments.values()],
      entries: keys.length,
      skipped: this.#skipped,
      samples: this.#samples,
    }
  }

  #take(position: number, key: string, value: Json): void {
    try {
      const instrument = this.#define(key, value)
      this.#instruments.set(instrument.id, instrument)
    } catch (error) {
      if (!(error instanceof EntryFault)) throw error
      const { reason, field, message } = error
      this.#skipped[reason] += 1
      if (this.#samples.length < MOST_SAMPLES) this.#samples.push({ position, key, reason, field, detail: message })
    }
  }

  #define(key: string, value: Json): Instrument {
    if (!isObject(value)) throw new EntryFault('object', undefined, `expected an object, got ${showJson(value)}`)
    const instrument = define(this.#list.venue, this.#list.read(new Entry(key, value), this.#url))
    if (!this.#instruments.has(instrument.id)) return instrument
    throw new EntryFault('duplicate', undefined, `${instrument.id} was in the list before`)
  }
}
