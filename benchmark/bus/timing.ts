/** Calls whose cost differs by orders of magnitude from case to case, timed for about as long. */

/** Enough for the clock, and for the collector to take its share. */
const ROUND_MS = 80
const QUICK_MS = 2

/** How often `call` is to be made for a round to last its time; at least once. */
export function callsFor(call: (index: number) => unknown, quick: boolean): number {
  const wanted = quick ? QUICK_MS : ROUND_MS
  for (let calls = 1; ; calls *= 2) {
    const start = performance.now()
    for (let index = 0; index < calls; index++) call(index)
    const lasted = performance.now() - start
    if (lasted >= wanted / 4) return Math.ceil((calls * wanted) / lasted)
  }
}
