/** Resolves in a turn of the loop in which it holds. For what other threads and processes do: a condition, not a time. */
export async function until(holds: () => boolean, what = 'what the test waits for'): Promise<void> {
  // Longer than any load of the machine explains, and before ava gives the file up.
  const giveUpMs = performance.now() + 100_000
  while (!holds()) {
    if (performance.now() > giveUpMs) throw new Error(`${what} did not come`)
    await new Promise(setImmediate)
  }
}
