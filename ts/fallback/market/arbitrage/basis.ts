/** What one instrument usually costs in terms of another: crates/market/src/arbitrage/basis.rs, operation for operation. */
export class Basis {
  /** What was usual at the last update. */
  usual = 0
  #ratio = 0
  #atNs = 0
  #begunNs = 0
  #hasBegun = false

  /** Takes the ratio of the mid prices from now on. Says whether it has been watched for a half-life. */
  update(ratio: number, atNs: number, halfLifeNs: number): boolean {
    if (this.#hasBegun) {
      const lasted = Math.max(atNs - this.#atNs, 0) / halfLifeNs
      this.usual = this.#ratio + (this.usual - this.#ratio) * halfToThe(lasted)
    } else {
      this.usual = ratio
      this.#hasBegun = true
      this.#begunNs = atNs
    }
    this.#ratio = ratio
    this.#atNs = atNs
    return atNs - this.#begunNs >= halfLifeNs
  }
}

/** 1/2 to the power of a number that is not negative. The series of e^-x for x below ln 2, by Horner's rule. */
function halfToThe(power: number): number {
  if (power >= 1_000) return 0
  const whole = Math.floor(power)
  const x = (power - whole) * Math.LN2
  let series = 1
  for (let term = TERMS; term >= 1; term -= 1) series = 1 - (x / term) * series
  for (let i = 0; i < whole; i += 1) series *= 0.5
  return series
}

const TERMS = 16
