/** Many calls in a row, each with another argument, and the sum of their answers as the proof that they were made. */
import type { Open, Round } from '../question.js'

/** Makes call number `index` and returns what came back, as a whole number. */
export type Call = (index: number) => number

/** `open` gives the calls to measure, `expected` what they have to answer. */
export function calling<Row>(
  open: (row: Row) => Call | Promise<Call>,
  expected: (row: Row) => Call,
  calls: (row: Row) => number,
): Open<Row> {
  return async (row, quick) => {
    const call = await open(row)
    const count = quick ? Math.ceil(calls(row) / 50) : calls(row)
    const checksum = sum(expected(row), count)
    return { round: async () => play(call, count, checksum), close: async () => {} }
  }
}

function play(call: Call, count: number, checksum: number): Round {
  const start = performance.now()
  const answers = sum(call, count)
  const figures = { call: ((performance.now() - start) * 1e6) / count }
  return { figures, published: count, delivered: count, sentChecksum: checksum, receivedChecksum: answers }
}

function sum(call: Call, count: number): number {
  let sum = 0
  for (let index = 0; index < count; index++) sum = (sum + call(index)) | 0
  return sum
}

/** Arguments are taken in turn from tables of this length: enough that no call sees the same one again at once. */
export const VARIANTS = 64

export function variants<T>(make: (index: number) => T): T[] {
  return Array.from({ length: VARIANTS }, (_, index) => make(index))
}
