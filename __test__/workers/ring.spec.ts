// The rings alone: a writer and readers in one thread, so that every interleaving of whole operations can be tried.
// __test__/core has the litmus with real threads, crates/bus the loom models of the steps inside an operation.
import test, { type ExecutionContext } from 'ava'
import { fc } from '@fast-check/ava'
import { Epoch, Quote } from 'tickbus'
import { Codecs, quoteCodec, record, type RecordCodec, topics } from '../../dist/bus/index.js'
import {
  DEPTH_BYTES,
  KIND_DEPTH,
  KIND_PAYLOAD,
  KIND_RECORD,
  KIND_WIDE_RECORD,
  PAYLOAD_WORD_LENGTH,
  PAYLOAD_WORD_POSITION,
  RECORD_WORD_KIND,
  RING_WORD_RESERVED,
} from '../../dist/layout.js'
import { RingReader, type Sink } from '../../dist/workers/ring-reader.js'
import { type ReaderState, RingWriter } from '../../dist/workers/ring-writer.js'
import { Ring } from '../../dist/workers/ring.js'

const epoch = new Epoch(0n)
const CAPACITY = 64
const SLAB = 4096

/** One writer, and readers in some slots, with what each was sent and what it saw. */
class Rig {
  readonly writer: RingWriter
  readonly ends: { slot: number; state: ReaderState; reader: RingReader; sent: string[]; seen: string[] }[]
  #number = 0

  constructor(slots: number[], start: number, onRead: () => void = () => {}) {
    const ring = Ring.create(63, { records: CAPACITY, slabBytes: SLAB })
    this.writer = new RingWriter(ring, start)
    const codec: RecordCodec<unknown> = {
      ...(quoteCodec as unknown as RecordCodec<unknown>),
      read(views, at, when, head) {
        onRead()
        return quoteCodec.read(views, at, when, head)
      },
    }
    this.ends = slots.map((slot) => {
      const state: ReaderState = {
        slot,
        wakeWord: 0,
        cursorWord: ring.cursorLine(slot),
        wakeSeen: 0,
        sent: 0,
        sentBefore: 0,
        last: start,
        waitFor: undefined,
        dropped: 0,
        lost: 0,
      }
      this.writer.addReader(state)
      return {
        slot,
        state,
        reader: new RingReader(ring, slot, { position: start, sent: 0 }, epoch, new Codecs([], [codec])),
        sent: [],
        seen: [],
      }
    })
  }

  /** Writes one record, with a payload of so many bytes if any; returns whether there was room. */
  write(slots: readonly number[], payloadBytes: number, waits: boolean): boolean {
    if (!this.writer.canClaim(payloadBytes)) return false
    const number = (this.#number += 1)
    const at = this.writer.claim()
    const { words } = this.writer.ring
    let text = `${number}`
    if (payloadBytes > 0) {
      text = text.padStart(payloadBytes, '.')
      words[2 * at + RECORD_WORD_KIND] = KIND_PAYLOAD
      words[2 * at + PAYLOAD_WORD_POSITION] = this.writer.writePayload(Buffer.from(text))
      words[2 * at + PAYLOAD_WORD_LENGTH] = payloadBytes
    } else {
      words[2 * at + RECORD_WORD_KIND] = quoteCodec.write(
        this.writer.ring,
        at,
        new Quote(number, number, number, number, number, number, epoch, number),
        epoch,
      )
    }
    const ends = this.ends.filter(({ slot }) => slots.includes(slot))
    const mask = (from: number) =>
      ends.reduce((bits, { slot }) => bits | (slot >= from && slot < from + 32 ? 1 << (slot - from) : 0), 0)
    this.writer.commit({ id: 1, maskLow: mask(0), maskHigh: mask(32), readers: ends.map(({ state }) => state), waits })
    for (const { sent } of ends) sent.push(text)
    return true
  }

  /** One batch of one reader; returns how far it came. */
  read(index: number): number {
    const { reader, seen } = this.ends[index % this.ends.length]!
    const sink: Sink = {
      record: (_, message) => seen.push(recordText(message as Quote)) > 0,
      payload: (_, bytes) => seen.push(Buffer.from(bytes).toString('latin1')) > 0,
    }
    return reader.read(sink)
  }

  readAll(): void {
    this.ends.forEach((_, i) => {
      while (this.read(i) > 0);
    })
  }
}

/** Every field says the same number; if the reader mixed two records, it shows. */
function recordText({ bidPrice, askPrice, bidSize, askSize, eventNs, initNs, sequence }: Quote): string {
  const fields = new Set([bidPrice, askPrice, bidSize, askSize, eventNs, initNs, sequence])
  return fields.size === 1 ? `${sequence}` : `torn: ${[...fields].join()}`
}

const starts = fc.constantFrom(0, 1024, 2 ** 31 - 64, -64, -1024)
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      count: fc.integer({ min: 1, max: 90 }),
      to: fc.integer({ min: 1, max: 7 }),
      payload: fc.constantFrom(0, 0, 8, 40, 200, 1000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('show' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), reader: fc.nat(2) }) },
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

function run(rig: Rig, steps: readonly Step[], slots: number[], waits: boolean): number {
  let refused = 0
  for (const one of steps) {
    if (one.do === 'show') rig.writer.show()
    else if (one.do === 'read') rig.read(one.reader)
    else {
      const to = slots.filter((_, i) => (one.to & (1 << i)) !== 0)
      for (let i = 0; i < one.count; i += 1) if (!rig.write(to, one.payload, waits)) refused += 1
    }
  }
  rig.writer.show()
  rig.readAll()
  return refused
}

test('readers see what was addressed to them, in order, or it is counted as lost', (t) => {
  const slots = [0, 31, 40]
  fc.assert(
    fc.property(starts, fc.array(step, { maxLength: 60 }), (start, steps) => {
      const rig = new Rig(slots, start)
      run(rig, steps, slots, false)
      for (const { sent, seen, reader, slot } of rig.ends) checkAccount(t, slot, sent, seen, reader)
    }),
    { numRuns: 300 },
  )
})

test('readers that are waited for see everything that found room, whatever the others do', (t) => {
  const slots = [0, 31, 40]
  fc.assert(
    fc.property(starts, fc.array(step, { maxLength: 60 }), (start, steps) => {
      const rig = new Rig(slots, start)
      run(rig, steps, slots, true)
      for (const { sent, seen, reader } of rig.ends) {
        t.deepEqual(seen, sent)
        t.is(reader.lost, 0)
      }
    }),
    { numRuns: 300 },
  )
})

test('a writer that overwrites records while they are copied is noticed', (t) => {
  let burst = 0
  const rig: Rig = new Rig([5], 0, () => {
    // Runs between two copies of one batch, as another thread might.
    for (; burst > 0; burst -= 1) rig.write([5], 0, false)
    rig.writer.show()
  })
  for (let i = 0; i < 40; i += 1) rig.write([5], 0, false)
  rig.writer.show()
  burst = 50
  rig.readAll()
  const { sent, seen, reader, slot } = rig.ends[0]!
  checkAccount(t, slot, sent, seen, reader)
  t.true(reader.lost > 0, 'the burst reached into the batch')
  t.is(seen.at(-1), sent.at(-1), 'the newest is not lost')
})

test('a record whose place was taken for another reader, and not shown yet, counts as lost', (t) => {
  const rig: Rig = new Rig([5, 6], 0)
  rig.write([5], 0, false)
  rig.writer.show()
  for (let i = 0; i < rig.writer.ring.capacity; i += 1) rig.write([6], 0, false)
  rig.read(0)
  rig.writer.show()
  rig.readAll()
  for (const { sent, seen, reader, slot } of rig.ends) checkAccount(t, slot, sent, seen, reader)
  t.is(rig.ends[0]!.reader.lost, 1)
})

test('a payload that is overwritten while it is copied is noticed', (t) => {
  const rig: Rig = new Rig([5], 0)
  for (let i = 0; i < 4; i += 1) rig.write([5], 1000, false)
  rig.write([5], 0, false)
  rig.writer.show()
  let overwritten = false
  const { ring } = rig.writer
  const original = ring.bytes.subarray.bind(ring.bytes)
  Object.defineProperty(ring.bytes, 'subarray', {
    value: (from: number, to: number) => {
      if (!overwritten) {
        overwritten = true
        rig.write([5], 1000, false)
      }
      return original(from, to)
    },
  })
  rig.writer.show()
  rig.readAll()
  rig.writer.show()
  rig.readAll()
  const { sent, seen, reader, slot } = rig.ends[0]!
  checkAccount(t, slot, sent, seen, reader)
  t.true(reader.lost > 0)
})

test('records that a reader does not know are counted as undecodable, and never misread', (t) => {
  const { records } = topics({ a: record({ n: 'u8' }) })
  const { ring, writer, reader } = pair(records)
  const heads = [0, 9, KIND_RECORD, KIND_RECORD | (1 << 16), KIND_WIDE_RECORD, KIND_DEPTH, 255]
  for (const head of heads) writeHead(writer, head, 16)
  const seen: unknown[] = []
  const payloads: number[] = []
  reader.read({
    record: (_, message) => seen.push(message) > 0,
    payload: (_, bytes, head) => payloads.push(head, bytes.length) < 0,
  })
  t.deepEqual(seen, [{ n: 7 }])
  t.deepEqual(payloads, [KIND_WIDE_RECORD, 16, 255, 16])
  t.is(reader.received, heads.length)
  t.is(reader.undecodable, heads.length - 1)
  t.is(ring.tail, heads.length)
})

test('a message of fixed length whose payload has another length is undecodable', (t) => {
  const { writer, reader } = pair([])
  for (const length of [DEPTH_BYTES - 8, DEPTH_BYTES, DEPTH_BYTES + 8, 2 ** 32 - 1])
    writeHead(writer, KIND_DEPTH, length)
  const seen: unknown[] = []
  reader.read({ record: (_, message) => seen.push(message) > 0, payload: () => true })
  t.is(seen.length, 1)
  t.is(reader.undecodable, 3)
})

function pair(records: readonly RecordCodec<unknown>[]) {
  const ring = Ring.create(63, { records: CAPACITY, slabBytes: SLAB })
  const writer = new RingWriter(ring, 0)
  return { ring, writer, reader: new RingReader(ring, 5, { position: 0, sent: 0 }, epoch, new Codecs(records)) }
}

/** Shows a record with any kind word, and a payload that says to be of any length. */
function writeHead(writer: RingWriter, head: number, length: number): void {
  const { words, bytes } = writer.ring
  const at = writer.claim()
  bytes[8 * at + 8] = 7
  words[2 * at + RECORD_WORD_KIND] = head
  words[2 * at + PAYLOAD_WORD_POSITION] = writer.writePayload(Buffer.alloc(DEPTH_BYTES))
  words[2 * at + PAYLOAD_WORD_LENGTH] = length
  writer.commit({ id: 1, maskLow: 1 << 5, maskHigh: 0, readers: [], waits: false })
  writer.show()
}

function checkAccount(t: ExecutionContext, slot: number, sent: string[], seen: string[], reader: RingReader): void {
  t.is(seen.length + reader.lost, sent.length, `slot ${slot}: seen and lost make up what was sent`)
  t.is(reader.received, seen.length)
  // A subsequence: each seen record is found in what was sent, behind the one before.
  let from = 0
  for (const text of seen) {
    from = sent.indexOf(text, from) + 1
    t.true(from > 0, `slot ${slot}: ${text.slice(0, 40)} was sent, and in this order`)
  }
}

test('a writer that takes all the room it sees in the middle of a read overwrites nothing that is read', (t) => {
  const rig = new Rig([0], 0)
  const fill = (): void => {
    while (rig.write([0], 0, true));
    rig.writer.show()
  }
  const { load } = Atomics
  const loadAfterTheWriter = (array: Int32Array, index: number): number => {
    // The reader is about to look what was reserved; the writer looks there too.
    Atomics.load = load
    if (index === RING_WORD_RESERVED) fill()
    Atomics.load = loadAfterTheWriter as typeof load
    return load(array, index)
  }
  for (let n = 0; n < 10; n += 1) {
    fill()
    Atomics.load = loadAfterTheWriter as typeof load
    rig.read(0)
    Atomics.load = load
  }
  rig.readAll()
  const { reader, sent, seen } = rig.ends[0]!
  t.true(sent.length > CAPACITY)
  t.deepEqual(seen, sent)
  t.is(reader.lost, 0)
})
