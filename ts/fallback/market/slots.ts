import { Misfit } from './reject.js'
import { isTextAt, type Scanner } from './scanner.js'

/** Most fields of a frame that a venue's decoder knows. */
const SLOTS = 32

/**
 * The fields of a frame while it is being scanned, by numbers below 32. Whether a bad value matters is known only with the
 * frame's kind, so that a slot is empty, bad or filled.
 */
export class Slots {
  #met = 0
  #filled = 0
  #precise = 0
  #nonzero = 0
  readonly #numbers = new Float64Array(SLOTS)
  readonly #ends = new Uint32Array(SLOTS)
  /** Why the levels in a slot cannot be used, if they cannot. */
  readonly #troubles: (Misfit | undefined)[] = Array.from({ length: SLOTS }, () => undefined)

  clear(): void {
    this.#met = 0
    this.#filled = 0
    this.#precise = 0
    this.#nonzero = 0
  }

  /** Reads text into a slot: where it begins and ends. */
  text(slot: number, field: string, scanner: Scanner): void {
    const isFilled = scanner.readText()
    this.#meet(slot, field, isFilled)
    this.#numbers[slot] = scanner.textStart
    this.#ends[slot] = scanner.textEnd
  }

  /** Reads text, or the digits of a whole number, into a slot as `text` does. */
  name(slot: number, field: string, scanner: Scanner): void {
    const isFilled = scanner.readName()
    this.#meet(slot, field, isFilled)
    this.#numbers[slot] = scanner.textStart
    this.#ends[slot] = scanner.textEnd
  }

  signed(slot: number, field: string, scanner: Scanner): void {
    const isFilled = scanner.readSigned()
    this.#meet(slot, field, isFilled)
    this.#numbers[slot] = scanner.number
  }

  whole(slot: number, field: string, scanner: Scanner): void {
    const isFilled = scanner.readWhole()
    this.#meet(slot, field, isFilled)
    this.#numbers[slot] = scanner.number
  }

  flag(slot: number, field: string, scanner: Scanner): void {
    const isFilled = scanner.readFlag()
    this.#meet(slot, field, isFilled)
    this.#numbers[slot] = scanner.number
  }

  decimal(slot: number, field: string, scanner: Scanner): void {
    this.#decimal(slot, field, scanner, scanner.readDecimal())
  }

  /** The same with 0 for an empty string. */
  decimalOrNone(slot: number, field: string, scanner: Scanner): void {
    this.#decimal(slot, field, scanner, scanner.readDecimalOrNone())
  }

  #decimal(slot: number, field: string, scanner: Scanner, isFilled: boolean): void {
    this.#meet(slot, field, isFilled)
    const { value, isPrecise, isNonzero } = scanner.decimal
    this.#numbers[slot] = value
    if (isPrecise) this.#precise |= 1 << slot
    if (isNonzero) this.#nonzero |= 1 << slot
  }

  /** Reads a time in ISO 8601 into a slot: `number` has its seconds then, `end` its nanoseconds. */
  moment(slot: number, field: string, scanner: Scanner): void {
    this.#time(slot, field, scanner, scanner.readMoment())
  }

  /** Reads a time in seconds into a slot, in the same way. */
  seconds(slot: number, field: string, scanner: Scanner): void {
    this.#time(slot, field, scanner, scanner.readSeconds())
  }

  /** Keeps the place of a value, which is stepped over. */
  place(slot: number, field: string, scanner: Scanner): void {
    scanner.peek()
    this.mark(slot, field)
    this.#numbers[slot] = scanner.place
    scanner.skip()
  }

  /** Notes that a field is there, and is what it should be. */
  mark(slot: number, field: string): void {
    this.#meet(slot, field, true)
  }

  /** Fills a slot with a number. */
  keep(slot: number, field: string, number: number): void {
    this.mark(slot, field)
    this.#numbers[slot] = number
  }

  /** Fills a slot with the later of the time in it, if there is one, and the time in a slot of others. */
  keepLater(slot: number, others: Slots, other: number): void {
    const [seconds, nanos] = [others.number(other), others.end(other)]
    const isLater = seconds > this.#numbers[slot] || (seconds === this.#numbers[slot] && nanos > this.#ends[slot])
    if (this.holds(slot) && !isLater) return
    this.#met |= 1 << slot
    this.#filled |= 1 << slot
    this.#numbers[slot] = seconds
    this.#ends[slot] = nanos
  }

  /** Notes that levels were read, and what is wrong with them. */
  levels(slot: number, field: string, isList: boolean, trouble: Misfit | undefined): void {
    this.#meet(slot, field, isList)
    this.#troubles[slot] = trouble
  }

  /** Whether the field was met. */
  isMet(slot: number): boolean {
    return (this.#met & (1 << slot)) !== 0
  }

  /** Whether the field holds what it should; throws if it holds something else. */
  isFilled(slot: number, field: string): boolean {
    if ((this.#filled & (1 << slot)) !== 0) return true
    if (this.isMet(slot)) throw new Misfit('field', field)
    return false
  }

  /** The same without throwing. */
  holds(slot: number): boolean {
    return (this.#filled & (1 << slot)) !== 0
  }

  /** Whether the text in a filled slot is `text`, which is ASCII. */
  is(slot: number, text: Uint8Array, { bytes }: Scanner): boolean {
    return isTextAt(bytes, this.#numbers[slot], this.#ends[slot], text)
  }

  /** Throws unless the field is there and holds what it should. */
  require(slot: number, field: string): void {
    if ((this.#filled & (1 << slot)) === 0) throw new Misfit('field', field)
  }

  /** Throws unless levels are there, and all of them can be used. */
  requireLevels(slot: number, field: string): void {
    this.require(slot, field)
    const trouble = this.#troubles[slot]
    if (trouble !== undefined) throw trouble
  }

  /** The number in a filled slot; of a text, where it begins. */
  number(slot: number): number {
    return this.#numbers[slot]
  }

  /** Where the text in a filled slot ends. */
  end(slot: number): number {
    return this.#ends[slot]
  }

  isPrecise(slot: number): boolean {
    return (this.#precise & (1 << slot)) !== 0
  }

  isNonzero(slot: number): boolean {
    return (this.#nonzero & (1 << slot)) !== 0
  }

  trouble(slot: number): Misfit | undefined {
    return this.#troubles[slot]
  }

  #time(slot: number, field: string, { moment }: Scanner, isFilled: boolean): void {
    this.#meet(slot, field, isFilled)
    this.#numbers[slot] = moment.seconds
    this.#ends[slot] = moment.nanos
  }

  /** A slot is filled once in a frame. */
  #meet(slot: number, field: string, isFilled: boolean): void {
    const bit = 1 << slot
    if ((this.#met & bit) !== 0) throw new Misfit('twice', field)
    this.#met |= bit
    if (isFilled) this.#filled |= bit
  }
}
