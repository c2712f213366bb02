import test from 'ava'
import { hashKey } from '../../dist/client/key-hash.js'

test('equal keys give equal hashes, whoever computes them', (t) => {
  t.deepEqual(hashOf('BTCUSDT'), hashOf(['BTC', 'USDT'].join('')))
  // Envelopes carry these from thread to thread.
  t.deepEqual(hashOf('BTCUSDT'), { low: 3_118_421_989, high: 4_216_347_238 })
})

test('no key hashes to what stands for none', (t) => {
  for (const key of ['', '\0', '\0\0', 'a', 'ü', '😀']) t.notDeepEqual(hashOf(key), { low: 0, high: 0 })
})

test('different keys give different hashes, and every bit of both halves is used', (t) => {
  const seen = new Set<string>()
  const bits = new Float64Array(64)
  const keys: string[] = []
  for (let i = 0; i < 50_000; i += 1) keys.push(`k${i}`, `${i}`, `ORDER-${i.toString(36)}-X`, '\0'.repeat(i % 100) + i)
  const distinct = new Set(keys)
  for (const key of distinct) {
    const { low, high } = hashOf(key)
    seen.add(`${low}:${high}`)
    for (let bit = 0; bit < 32; bit += 1) {
      bits[bit] += (low >>> bit) & 1
      bits[32 + bit] += (high >>> bit) & 1
    }
  }
  t.is(seen.size, distinct.size)
  // Half of them are set: ten standard deviations of a fair coin, and no more.
  const most = 10 * Math.sqrt(distinct.size / 4)
  for (const count of bits) t.true(Math.abs(count - distinct.size / 2) < most)
})

test('each half alone has no more collisions than chance gives it', (t) => {
  const lows = new Set<number>()
  const highs = new Set<number>()
  const count = 100_000
  for (let i = 0; i < count; i += 1) {
    const { low, high } = hashOf(`INSTRUMENT-${i}.VENUE`)
    lows.add(low)
    highs.add(high)
  }
  // About count^2 / 2^33, that is 1.2, are expected.
  t.true(count - lows.size < 12)
  t.true(count - highs.size < 12)
})

test('a hash is written where it is wanted, and nowhere else', (t) => {
  const words = new Uint32Array(4)
  hashKey('BTCUSDT', words, 1)
  t.deepEqual([...words], [0, 3_118_421_989, 4_216_347_238, 0])
})

function hashOf(key: string): { low: number; high: number } {
  const words = new Uint32Array(2)
  hashKey(key, words, 0)
  return { low: words[0]!, high: words[1]! }
}
