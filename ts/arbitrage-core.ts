/**
 * What a backend does about arbitrage: quote records in, episodes out. The native backend answers from
 * crates/market/src/arbitrage.rs, the JavaScript one from ts/fallback/market/arbitrage/, event for event the same.
 */

export interface ArbitrageCore {
  /**
   * Opens a kernel that has seen nothing. Instruments are by the numbers that their records carry: each list has an entry
   * for each. What is in them was checked.
   */
  openArbitrage(options: ArbitrageKernelOptions): ArbitrageKernel
}

export interface ArbitrageKernelOptions {
  /** The pair of each instrument, from 0 on without a gap; at most `PAIR_INSTRUMENTS_MOST` are of one. */
  readonly pairs: readonly number[]
  /** The taker fee of each, in whole millionths of a basis point, at most 10^9 either way. */
  readonly feesMicroBps: readonly number[]
  /** How old a quote of each may be, in nanoseconds; infinite for any age. */
  readonly staleNs: readonly number[]
  /** What edges have to be above, in whole millionths of a basis point, from -10^9 to 10^10. */
  readonly minNetMicroBps: number
  /** The half-life of the basis that edges count from, in nanoseconds; 0 for none. */
  readonly basisHalfLifeNs: number
}

/** Finds the episodes of all pairs. Records and events are as `layout.ts` has them. */
export interface ArbitrageKernel {
  /**
   * What was counted, by the `ARBITRAGE_COUNT_` places; from `ARBITRAGE_COUNTS` on the tops of all pairs, `TOP_DOUBLES`
   * each. Written by each update.
   */
  readonly view: Float64Array
  /** Where events are written, 64 bytes each. */
  readonly events: Uint8Array
  /** Where the record of `updateOne` stands: 64 bytes of memory of its own. */
  readonly inbox: Uint8Array
  /**
   * Takes in 64-byte records with the number of the instrument in the topic word, as decoders write them, as long as
   * `events` has room for what might become of them: of one at least. Returns how many records were taken;
   * `view[ARBITRAGE_COUNT_EVENTS]` says how many events were written. They may not be over a SharedArrayBuffer.
   */
  update(quotes: Uint8Array): number
  /** The same with the record in `inbox`. */
  updateOne(): number
  /** Writes how the open episodes stand; `view[ARBITRAGE_COUNT_EVENTS]` says how many. */
  writeOpen(): void
}

/** How many events there is room for: as many as one quote can lead to, and some more, so that batches need few calls. */
export function eventsMost({ pairs }: ArbitrageKernelOptions): number {
  return pairs.length ** 2 + 512
}
