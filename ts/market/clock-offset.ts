import { badArgument } from '../errors.js'

export interface ClockOffsetOptions {
  /** Length of the rolling window, 0.001 to 86,400 seconds. @default 10 */
  windowSeconds?: number
}

/** The window moves in steps of a part of it, so that memory is the same whatever comes. */
const SLICES = 64

/**
 * How far the clock of whoever receives frames runs ahead of the venue's: the rolling minimum of receive time less event
 * time. The fastest frame of a window took nearly no time beside the two clocks' difference, which is therefore what is
 * left of it; so it includes the shortest way from the venue, and is negative where the local clock runs behind.
 */
export class ClockOffset {
  readonly windowSeconds: number
  readonly #sliceNs: number
  readonly #least = new Float64Array(SLICES).fill(Infinity)
  #newest = -Infinity
  /** How many frames had a time of the venue. */
  samples = 0

  /** @throws {TickbusError} `TICKBUS_ARGUMENT` if the window is out of range. */
  constructor({ windowSeconds = 10 }: ClockOffsetOptions = {}) {
    if (!(windowSeconds >= 0.001 && windowSeconds <= 86_400)) {
      throw badArgument('windowSeconds', '0.001 to 86,400', windowSeconds)
    }
    this.windowSeconds = windowSeconds
    this.#sliceNs = (windowSeconds * 1e9) / SLICES
  }

  /** Takes a frame: when it was received, on any clock that goes on, and how much later that was than its event, in nanoseconds. */
  add(receivedNs: number, laterNs: number): void {
    const slice = Math.floor(receivedNs / this.#sliceNs)
    if (slice > this.#newest || slice <= this.#newest - SLICES) this.#moveTo(slice)
    const place = placeOf(slice)
    if (laterNs < this.#least[place]!) this.#least[place] = laterNs
    this.samples += 1
  }

  /** The least of the window up to the last frame, in nanoseconds; undefined before the first. Right to a 64th of the window. */
  get offsetNs(): number | undefined {
    const least = Math.min(...this.#least)
    return least === Infinity ? undefined : least
  }

  /** Empties what the window leaves. A clock that goes back by more than the window begins anew. */
  #moveTo(slice: number): void {
    const isNear = slice > this.#newest && slice < this.#newest + SLICES
    if (isNear)
      for (let passed = this.#newest + 1; passed <= slice; passed += 1) this.#least[placeOf(passed)] = Infinity
    else this.#least.fill(Infinity)
    this.#newest = slice
  }
}

function placeOf(slice: number): number {
  return ((slice % SLICES) + SLICES) % SLICES
}
