/**
 * Logarithm and exponential from additions, multiplications and divisions alone. IEEE 754 rounds those alike everywhere,
 * and `Math.log` and `Math.exp` not: with these the backends come to the same bytes. Right to some 1e-14.
 */

const LN_2 = Math.LN2
const LOG2_E = Math.LOG2E
const SQRT_2 = Math.SQRT2
const EXPONENT_BIAS = 1023
const EXPONENT_SHIFT = 20
const FRACTION_MASK = 0xfffff
/** Where the exponential is 0: beyond lie subnormal numbers. */
const LEAST = -700

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)

/** Natural logarithm of a normal number above 0: the series of the inverse hyperbolic tangent. */
export function ln(x: number): number {
  double[0] = x
  let exponent = (words[1] >>> EXPONENT_SHIFT) - EXPONENT_BIAS
  words[1] = (words[1] & FRACTION_MASK) | (EXPONENT_BIAS << EXPONENT_SHIFT)
  let fraction = double[0]
  if (fraction > SQRT_2) {
    fraction *= 0.5
    exponent += 1
  }
  const s = (fraction - 1) / (fraction + 1)
  const q = s * s
  let sum = 1 / 17
  sum = sum * q + 1 / 15
  sum = sum * q + 1 / 13
  sum = sum * q + 1 / 11
  sum = sum * q + 1 / 9
  sum = sum * q + 1 / 7
  sum = sum * q + 1 / 5
  sum = sum * q + 1 / 3
  sum = sum * q + 1
  return exponent * LN_2 + 2 * s * sum
}

/** e^x for x below 700: the power of two nearest to it, and Taylor's series for the rest. */
export function exp(x: number): number {
  if (x < LEAST) return 0
  const exponent = Math.floor(x * LOG2_E + 0.5)
  const r = x - exponent * LN_2
  let sum = 1 / 479_001_600
  sum = sum * r + 1 / 39_916_800
  sum = sum * r + 1 / 3_628_800
  sum = sum * r + 1 / 362_880
  sum = sum * r + 1 / 40_320
  sum = sum * r + 1 / 5_040
  sum = sum * r + 1 / 720
  sum = sum * r + 1 / 120
  sum = sum * r + 1 / 24
  sum = sum * r + 1 / 6
  sum = sum * r + 0.5
  sum = sum * r + 1
  sum = sum * r + 1
  words[0] = 0
  words[1] = (exponent + EXPONENT_BIAS) << EXPONENT_SHIFT
  return sum * double[0]
}
