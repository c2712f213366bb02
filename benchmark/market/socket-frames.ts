/** Quotes as a venue sends them, and what proves that all have been read. */
export interface SocketLoad {
  frames: number
  /** Frames a second; 0 for as many as the client takes in. */
  rate: number
}

/** Within 104 days of the epoch of a bus that is opened now. */
const nowMs = Date.now()

export function frameOf(index: number): string {
  const [bid, ask] = pricesOf(index)
  const prices = `"b":"${bid.toFixed(2)}","B":"${1 + (index % 7)}.250","a":"${ask.toFixed(2)}","A":"${1 + (index % 5)}.500"`
  return `{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":${index + 1},"s":"BTCUSDT",${prices},"T":${nowMs},"E":${nowMs}}}`
}

/** Depends on every quote, and on their order. */
export function mix(sum: number, update: number, bid: number, bidSize: number, ask: number, askSize: number): number {
  return (sum * 31 + update * 7 + bid * 100 + ask * 100 + bidSize * 4 + askSize * 2) % 1_000_000_007
}

export function checksumOf(count: number): number {
  let sum = 0
  for (let i = 0; i < count; i += 1) {
    const [bid, ask] = pricesOf(i)
    sum = mix(sum, i + 1, bid, 1 + (i % 7) + 0.25, ask, 1 + (i % 5) + 0.5)
  }
  return sum
}

/** Quarters, so that sums of them are exact. */
function pricesOf(index: number): [bid: number, ask: number] {
  const bid = 61_800 + (index % 400) / 4
  return [bid, bid + 0.25]
}
