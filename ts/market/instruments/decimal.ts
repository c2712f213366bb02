/** A decimal number as a venue writes it: the nearest double, and how many decimals its text needs. */
export interface Decimal {
  readonly value: number
  /**
   * Decimals without trailing zeros: 4 for `0.00010000`, 8 for `1e-8`, 0 for `100`. `value.toFixed(precision)` restores
   * them.
   */
  readonly precision: number
}

/** More significant digits than these do not survive a double. */
const MOST_DIGITS = 15
/** What `toFixed` takes, and up to where it writes digits rather than an exponent. */
const MOST_PRECISION = 100
const MOST_VALUE = 1e21

const SHAPE = /^-?(\d{1,100})(?:\.(\d{1,100}))?(?:e([+-]?\d{1,3}))?$/i

/** Reads the text of a decimal; undefined if it is none, or none that its double and its precision restore. */
export function decimal(text: string): Decimal | undefined {
  const match = SHAPE.exec(text)
  if (match === null) return undefined
  const [, whole, fraction = '', exponent = '0'] = match
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return { value: 0, precision: 0 }
  const trailingZeros = digits.length - significant.length
  const precision = Math.max(0, fraction.length - Number(exponent) - trailingZeros)
  const value = Number(text)
  const isRestorable = significant.length <= MOST_DIGITS && precision <= MOST_PRECISION && Math.abs(value) < MOST_VALUE
  return isRestorable ? { value, precision } : undefined
}

/** The decimal times 10 to the power of `exponent`, exactly: venues give steps as a whole number with a scale. */
export function shifted({ value, precision }: Decimal, exponent: number): Decimal | undefined {
  return decimal(`${value.toFixed(precision)}e${exponent}`)
}

/** The product, exactly; undefined where it has too many digits. */
export function product(a: Decimal, b: Decimal): Decimal | undefined {
  const precision = a.precision + b.precision
  return precision > MOST_PRECISION ? undefined : decimal((a.value * b.value).toFixed(precision))
}

/** The quotient where it is a decimal of at most 15 digits; undefined where it is not. */
export function quotient(a: Decimal, b: Decimal): Decimal | undefined {
  if (b.value === 0) return undefined
  const found = decimal(String(a.value / b.value))
  return found !== undefined && product(found, b)?.value === a.value ? found : undefined
}
