import { Misfit } from './reject.js'
import { LIST, type Scanner } from './scanner.js'
import type { Sink } from './sink.js'
import type { Slots } from './slots.js'

/** Lists of price levels, `[[price, size], …]`; what follows a size is passed over. crates/market/src/levels.rs is the same. */

/** Writes the levels of one side; whether a bad one matters is known only with the frame's kind. */
export function readLevels(slots: Slots, slot: number, side: number, field: string, frame: Scanner, sink: Sink): void {
  const isList = frame.peek() === LIST
  let trouble: Misfit | undefined
  if (isList) {
    for (let isItem = frame.firstItem(); isItem; isItem = frame.nextItem()) {
      const found = readLevel(field, frame, sink)
      if (found === undefined) sink.batch.level(side, level.price, level.size)
      else trouble ??= found
    }
  } else {
    frame.skip()
  }
  slots.levels(slot, field, isList, trouble)
}

/** The best level of a side: a price and a size of 0 if the side has none. */
export class Top {
  /** Whether the list was not empty. */
  isListed = false
  price = 0
  size = 0

  /**
   * Reads the last level of a list whose size is not 0: in a list of one level, or of one that goes and one that comes, the
   * best.
   */
  read(slots: Slots, slot: number, field: string, frame: Scanner, sink: Sink): void {
    const isList = frame.peek() === LIST
    let trouble: Misfit | undefined
    this.isListed = false
    this.price = 0
    this.size = 0
    if (isList) {
      for (let isItem = frame.firstItem(); isItem; isItem = frame.nextItem()) {
        const found = readLevel(field, frame, sink)
        trouble ??= found
        this.isListed = true
        if (found !== undefined || level.size === 0) continue
        this.price = level.price
        this.size = level.size
      }
    } else {
      frame.skip()
    }
    slots.levels(slot, field, isList, trouble)
  }
}

/** What `readLevel` has read: nothing is allocated for a level, and one place serves all decoders of the thread. */
const level = { price: 0, size: 0 }

/** Reads a level, or says what is wrong with it. */
function readLevel(field: string, frame: Scanner, sink: Sink): Misfit | undefined {
  if (frame.peek() !== LIST) {
    frame.skip()
    return new Misfit('field', field)
  }
  const { decimal } = frame
  let isPrice = false
  let isSize = false
  let price = 0
  let isPricePrecise = false
  let isPriceNonzero = false
  if (frame.firstItem()) {
    isPrice = frame.readDecimal()
    price = decimal.value
    isPricePrecise = decimal.isPrecise
    isPriceNonzero = decimal.isNonzero
    if (frame.nextItem()) {
      isSize = frame.readDecimal()
      const { value, isPrecise, isNonzero } = decimal
      while (frame.nextItem()) frame.skip()
      if (isPrice && isSize) {
        level.price = price
        level.size = value
        return (
          sink.troubleWith(price, isPricePrecise, isPriceNonzero, field) ??
          sink.troubleWith(value, isPrecise, isNonzero, field)
        )
      }
    }
  }
  return new Misfit('field', field)
}

/** The slots of a level whose price and size are read one by one. */
export const LEVEL_PRICE = 0
export const LEVEL_SIZE = 1

/** Makes sure that both are there, and are amounts; `writeLevel` writes them then. */
export function checkLevel(slots: Slots, field: string, sink: Sink): void {
  slots.require(LEVEL_PRICE, field)
  slots.require(LEVEL_SIZE, field)
  sink.amount(slots, LEVEL_PRICE, field)
  sink.amount(slots, LEVEL_SIZE, field)
}

export function writeLevel(slots: Slots, side: number, sink: Sink): void {
  sink.batch.level(side, slots.number(LEVEL_PRICE), slots.number(LEVEL_SIZE))
}
