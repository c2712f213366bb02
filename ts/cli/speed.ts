import { InvalidArgumentError } from 'commander'

/** How many times the recorded pace. */
export function parseSpeed(text: string): number | 'max' {
  if (text === 'max') return 'max'
  const speed = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN
  if (speed >= 0.001 && speed <= 1_000_000) return speed
  throw new InvalidArgumentError('Give a number from 0.001 to 1,000,000, or max.')
}
