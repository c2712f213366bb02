/**
 * crates/bus/tests/messages.txt: messages as the codecs write them here, which the Rust tests must read with the same
 * values. A line is kind, record, payload, values and text, all in hexadecimal; values are the bits of doubles.
 *
 * `node --import tsx __test__/bus/message-lines.ts` writes the file anew.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  Bar,
  barCodec,
  Depth,
  depthCodec,
  Epoch,
  Quote,
  quoteCodec,
  type RecordCodec,
  Trade,
  tradeCodec,
  viewsOf,
} from '../../dist/bus/index.js'

export const file = new URL('../../crates/bus/tests/messages.txt', import.meta.url)
export const epoch = new Epoch(0n)
export const codecs = { quote: quoteCodec, trade: tradeCodec, bar: barCodec, depth: depthCodec }

const numbers = [0, -0, 1.5, NaN, Infinity, -Infinity, 2 ** 53, Number.MAX_VALUE, Number.MIN_VALUE, -Number.EPSILON]
const times = [0, 1, -1, 2 ** 53 - 1, -(2 ** 53 - 1)]
const sides = ['NO_AGGRESSOR', 'BUYER', 'SELLER'] as const
const ids = [
  '',
  '0',
  '7',
  '007',
  '999999999999999',
  '9999999999999999',
  'a-é\u00ff',
  'x'.repeat(24),
  '20f43950-d8dd-5b31-9112-a178eb6023af',
]

/** The lines as the codecs write them now. */
export function lines(): string[] {
  return [
    ...numbers.map((_, i) => quote(i)),
    ...ids.map((id, i) => trade(i, id)),
    ...numbers.map((_, i) => bar(i)),
    ...Array.from({ length: 11 }, (_, i) => depth(i)),
  ]
}

const number = (i: number): number => numbers[i % numbers.length]!
const time = (i: number): number => times[i % times.length]!

function quote(i: number): string {
  const [bid, ask, bidSize, askSize, sequence] = [number(i), number(i + 1), number(i + 2), number(i + 3), number(i + 4)]
  const message = new Quote(bid, ask, bidSize, askSize, time(i), time(i + 1), epoch, sequence)
  return line('quote', message, [time(i), time(i + 1), bid, ask, bidSize, askSize, sequence])
}

function trade(i: number, id: string): string {
  const message = new Trade(number(i), number(i + 1), sides[i % 3]!, id, time(i), time(i + 1), epoch)
  return line('trade', message, [time(i), time(i + 1), number(i), number(i + 1), i % 3], id)
}

function bar(i: number): string {
  const [open, high, low, close, volume] = [number(i), number(i + 1), number(i + 2), number(i + 3), number(i + 4)]
  const message = new Bar(open, high, low, close, volume, time(i), time(i + 1), epoch)
  return line('bar', message, [time(i), time(i + 1), open, high, low, close, volume])
}

/** `i` bids and `10 - i` asks. */
function depth(i: number): string {
  const levels = Array.from({ length: 10 }, (_, k) => ({ price: number(i + k), size: number(k), count: i * 10 + k }))
  const [bids, asks] = [levels.slice(0, i), levels.slice(i)]
  const flat = [...bids, ...asks].flatMap(({ price, size, count }) => [price, size, count])
  const message = new Depth(bids, asks, time(i), time(i + 1), epoch, number(i))
  return line('depth', message, [time(i), time(i + 1), number(i), bids.length, asks.length, ...flat])
}

function line(kind: keyof typeof codecs, message: unknown, values: readonly number[], text = ''): string {
  const codec = codecs[kind] as RecordCodec<unknown>
  const fields = viewsOf(new ArrayBuffer(8 + (codec.slabBytes || 56)))
  const head = codec.write(fields, 0, message, epoch)
  const record = codec.slabBytes === 0 ? fields : viewsOf(new ArrayBuffer(64))
  record.words[0] = head
  const payload = codec.slabBytes === 0 ? '' : hex(fields.bytes.subarray(8))
  const bits = values.map((value) => hex(new Uint8Array(Float64Array.of(value).buffer).toReversed()))
  return [kind, hex(record.bytes), payload, bits.join(' '), hex(Buffer.from(text))].join('|')
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, `${lines().join('\n')}\n`)
