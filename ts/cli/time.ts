import { InvalidArgumentError } from 'commander'

/** How times are given, for the help texts. */
export const TIMES = 'UNIX nanoseconds, or like 2024-08-08T23:54:20.5Z'

/** 2024-08-08T23:54:20.123456789Z */
export function timeText(unixNs: bigint): string {
  const text = new Date(Number(unixNs / 1_000_000n)).toISOString()
  return `${text.slice(0, -1)}${String(unixNs % 1_000_000n).padStart(6, '0')}Z`
}

/** UNIX nanoseconds of a time that was given as such, or like 2024-08-08T23:54:20.5Z. */
export function parseTime(text: string): bigint {
  if (/^\d{16,19}$/.test(text)) return BigInt(text)
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text)
  const ms = parts === null ? NaN : Date.parse(`${parts[1]}Z`)
  if (Number.isNaN(ms)) throw new InvalidArgumentError('Give UNIX nanoseconds, or a time like 2024-08-08T23:54:20.5Z.')
  return BigInt(ms) * 1_000_000n + BigInt((parts![2] ?? '').padEnd(9, '0'))
}
