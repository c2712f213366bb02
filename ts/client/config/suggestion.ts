/** `; did you mean "critical"?` if one of the known words is close to what was written, nothing otherwise. */
export function suggestion(written: unknown, known: readonly string[]): string {
  const word = typeof written === 'string' ? closest(written, known) : undefined
  return word === undefined ? '' : `; did you mean "${word}"?`
}

/** The known word that begins so, or the one with the fewest edits if they are a third of its letters at most. */
export function closest(written: string, known: readonly string[]): string | undefined {
  // What is longer than any name is no slip of the keyboard, and comparing it would take its time.
  if (written.length > 64) return undefined
  const beginning = known.find((word) => written.length > 2 && word.startsWith(written))
  if (beginning !== undefined) return beginning
  const edits = (word: string): number => editDistance(written.toLowerCase(), word.toLowerCase())
  const [best] = known.map((word) => ({ word, edits: edits(word) })).toSorted((a, b) => a.edits - b.edits)
  return best !== undefined && best.edits <= Math.ceil(best.word.length / 3) ? best.word : undefined
}

/**
 * Letters to insert, delete, replace, or exchange with their neighbour, to make one word of the other: optimal string
 * alignment (Damerau 1964; the table is that of Wagner and Fischer 1974).
 */
export function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row[j] = Math.min(replaced, rows[i - 1]![j]! + 1, row[j - 1]! + 1)
      const exchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (exchanged) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
