/**
 * Nanoseconds on one clock for all threads of the process. `performance.now()` is the cheapest clock of Node (about
 * 50 ns a read), but counts from the start of its own thread; `process.hrtime` is the same clock without an origin.
 */

/** Nanoseconds since `origin`, a `process.hrtime.bigint()` that all threads agreed on. */
export function sharedClock(origin: bigint): () => number {
  const shift = offset(origin)
  return () => performance.now() * 1e6 + shift
}

/** What to add to this thread's clock: the tightest of a few readings, since any one may have been interrupted. */
function offset(origin: bigint): number {
  let tightest = Number.POSITIVE_INFINITY
  let shift = 0
  for (let attempt = 0; attempt < 100; attempt++) {
    const before = performance.now() * 1e6
    const shared = Number(process.hrtime.bigint() - origin)
    const after = performance.now() * 1e6
    if (after - before >= tightest) continue
    tightest = after - before
    shift = shared - (before + after) / 2
  }
  return shift
}
