/**
 * Comparison of two prices, each times a factor, as the decimals that venues wrote: crates/market/src/exact.rs, which says
 * why.
 */

/** What fees and thresholds are counted from: 1, or 10,000 basis points, in millionths of a basis point. */
export const UNIT = 10_000_000_000

/** Two products that differ by more than this part of either have the order of their doubles. */
export const BAND = 2 ** -48

/** Negative, 0 or positive, as the first price times its factor compares with the second. */
export function compare(left: number, leftFactor: bigint, right: number, rightFactor: bigint): number {
  // Venues with the same fee and the same price: most of what comes here.
  if (left === right && leftFactor === rightFactor) return 0
  const [a, b] = [shortest(left), shortest(right)]
  const power = Math.min(a.power, b.power)
  const whole = ({ mantissa, power: own }: Shortest) => mantissa * 10n ** BigInt(own - power)
  const difference = whole(a) * leftFactor - whole(b) * rightFactor
  return difference > 0n ? 1 : difference < 0n ? -1 : 0
}

interface Shortest {
  readonly mantissa: bigint
  readonly power: number
}

/** The shortest decimal that reads as `value`: its digits and the power of ten that they count. */
function shortest(value: number): Shortest {
  const [digits, power] = value.toExponential().split('e') as [string, string]
  const [whole, fraction = ''] = digits.split('.') as [string, string?]
  return { mantissa: BigInt(whole + fraction), power: Number(power) - fraction.length }
}
