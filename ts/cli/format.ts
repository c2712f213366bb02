/** 27,743 */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** 1 recording, 6 recordings */
export function many(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** 7.81 us, 2.46 ms, 3.00 s: three digits, in the unit that suits. */
export function duration(us: number): string {
  if (us < 1_000) return `${us.toPrecision(3)} us`
  if (us < 1_000_000) return `${(us / 1_000).toPrecision(3)} ms`
  return `${(us / 1_000_000).toFixed(2)} s`
}

/** A price or a spread, without the digits that binary floating point leaves behind a difference. */
export function decimal(value: number): string {
  return String(Number(value.toFixed(4)))
}

/** Rows as lines, the columns aligned: the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
    .map((line) => `  ${line.trimEnd()}\n`)
    .join('')
}
