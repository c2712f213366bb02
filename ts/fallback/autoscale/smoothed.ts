/** The time in which a step has come through by 63 %, in milliseconds: a fifth of it in a tick of 20 ms. */
const SMOOTHING_MS = 80

/** An exponentially weighted mean for ticks that are not evenly spaced. */
export class Smoothed {
  /** NaN before the first measurement. */
  value = NaN

  /** Takes a measurement in; NaN changes nothing. */
  take(measured: number, passedMs: number): void {
    if (isNaN(measured)) return
    // As near to 1 - exp(-t / T) as is needed, and without a function that two languages may round differently.
    const weight = passedMs / (passedMs + SMOOTHING_MS)
    this.value = isNaN(this.value) ? measured : this.value + weight * (measured - this.value)
  }
}
