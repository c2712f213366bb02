import {
  BOOK_ROW_DOUBLES,
  BOOK_SETTING_CHECKSUM,
  BOOK_SETTING_LIMIT,
  BOOK_SETTING_PRICE_PLACES,
  BOOK_SETTING_SIZE_PLACES,
  BOOK_SETTING_SNAPSHOT_LEVELS,
  BOOK_SETTING_WINDOW,
  BOOK_SETTINGS,
} from '../layout.js'
import type { Books, BookSettings, BooksOptions } from '../market-core.js'
import type { NativeBooks, NativeBooksOptions } from './binding.js'

/** The books in Rust, and the page that they write. */
export class RustBooks implements Books {
  readonly page: Float64Array
  readonly invalidate: Books['invalidate']
  readonly levels: Books['levels']
  readonly volumeTo: Books['volumeTo']
  readonly priceFor: Books['priceFor']
  readonly reach: Books['reach']
  readonly counts: Books['counts']
  readonly totals: Books['totals']
  readonly #handle: NativeBooks

  constructor(handle: NativeBooks, booksMost: number) {
    this.page = new Float64Array(booksMost * (1 + BOOK_ROW_DOUBLES))
    this.invalidate = handle.invalidate
    this.levels = handle.levels
    this.volumeTo = handle.volumeTo
    this.priceFor = handle.priceFor
    this.reach = handle.reach
    this.counts = handle.counts
    this.totals = handle.totals
    this.#handle = handle
  }

  open(instrument: number, settings: BookSettings): number {
    return this.#handle.open(instrument, settings.continuity, Float64Array.from(numbersOf(settings)))
  }

  apply(records: Uint8Array, first: number, count: number): number {
    return this.#handle.apply(records, this.page, first, count)
  }

  changes(): number {
    return this.#handle.changes(this.page)
  }
}

export function nativeOptions({ settings, ...options }: BooksOptions): NativeBooksOptions {
  if (settings === undefined) return options
  return { ...options, settings: { continuity: settings.continuity, numbers: numbersOf(settings) } }
}

function numbersOf({ checksum, limit, window, snapshotLevels }: BookSettings): number[] {
  const numbers = Array.from({ length: BOOK_SETTINGS }, () => 0)
  if (checksum?.kind === 'okx') numbers[BOOK_SETTING_CHECKSUM] = 2
  if (checksum?.kind === 'kraken') {
    numbers[BOOK_SETTING_CHECKSUM] = 1
    numbers[BOOK_SETTING_PRICE_PLACES] = checksum.pricePlaces
    numbers[BOOK_SETTING_SIZE_PLACES] = checksum.sizePlaces
  }
  numbers[BOOK_SETTING_LIMIT] = limit
  numbers[BOOK_SETTING_WINDOW] = window
  numbers[BOOK_SETTING_SNAPSHOT_LEVELS] = snapshotLevels
  return numbers
}
