// Recordings of our format that were made to cost whoever reads them: bounded, and counted by reason.
import { readFileSync, writeFileSync } from 'node:fs'
import { fc, testProp } from '@fast-check/ava'
import test from 'ava'
import { Epoch } from 'tickbus'
import { RecordedMarket, RecordingReader, RecordingWriter } from 'tickbus/market'
import { HEAD_BYTES, packBlock } from '../../dist/market/recordings/block.js'
import { backends } from './decoding.js'
import { quoteFrame, Scratch } from './samples.js'

const START_NS = 1_700_000_000_000_000_000n
const AT_BYTES = 16
const AT_FRAMES = 20
const AT_FRAMES_BEFORE = 24

/** A recording of so many blocks with a quote each, and where they begin. */
async function recording(t: { teardown(fn: () => void): void }, blocks: number): Promise<[string, number[]]> {
  const file = new Scratch(t).file('made.tbr', '')
  const writer = await RecordingWriter.open(file)
  const connection = writer.connect({ market: 'spot', symbol: 'BTCUSDT' })
  for (let block = 0; block < blocks; block += 1) {
    const bytes = Buffer.from(JSON.stringify(quoteFrame(block + 1)))
    writer.write({ receivedNs: START_NS + BigInt(block), connection, bytes })
    await writer.flush()
  }
  await writer.close()
  const starts: number[] = []
  await using reader = await RecordingReader.open(file)
  for await (const { at } of reader.heads()) starts.push(at)
  return [file, starts]
}

async function framesIn(reader: RecordingReader): Promise<number> {
  let frames = 0
  for await (const block of reader.blocks()) frames += block.bytes.length
  return frames
}

/** A sound block, then so many heads that each say to be long, then a sound block that cannot be found in time. */
async function fullOfHeads(t: { teardown(fn: () => void): void }, heads: number): Promise<[string, Buffer, number]> {
  const [file, starts] = await recording(t, 2)
  const sound = readFileSync(file)
  const head = Buffer.from(sound.subarray(0, HEAD_BYTES))
  head.writeUInt32LE(100_000, AT_BYTES)
  const middle = Buffer.concat(Array.from({ length: heads }, () => head))
  const content = Buffer.concat([sound.subarray(0, starts[1]), middle, sound.subarray(starts[1]!)])
  writeFileSync(file, content)
  return [file, content, starts[1]!]
}

for (const backend of backends) {
  test(`a file full of heads is given up after a thousand of them, and says from where on [${backend}]`, async (t) => {
    const [file] = await fullOfHeads(t, 20_000)
    const market = await RecordedMarket.open([file], backend)
    let messages = 0
    for await (const _ of market.messages(new Epoch(market.epochNs))) messages += 1
    t.is(messages, 1)
    t.true(market.faults.length <= 20)
    t.true(market.faults.some(({ message }) => message.includes('1000 places are damaged, the rest is not read')))
  })
}

for (const backend of backends) {
  test(`a block that tells of more connections than are replayed is refused [${backend}]`, async (t) => {
    const file = new Scratch(t).file('many.tbr', '')
    const lines = Array.from({ length: 4_097 }, (_, i) => `# ${i} {"market":"spot"}\n${START_NS} ${i} 2 {}\n`)
    const head = { frames: lines.length, framesBefore: 0, firstNs: START_NS, lastNs: START_NS }
    writeFileSync(file, await packBlock(Buffer.from(lines.join('')), head))
    const error = await t.throwsAsync(RecordedMarket.open([file], backend), { code: 'TICKBUS_RECORDING' })
    t.regex(error.message, /more than 4096 connections/)
  })
}

test('of a file full of heads no byte is read a thousand times, and each is accounted for', async (t) => {
  const [file, content, start] = await fullOfHeads(t, 20_000)
  let [read, calls] = [0, 0]
  const reader = await RecordingReader.open(file, {}, (bytes) => {
    read += bytes
    calls += 1
  })
  t.is(await framesIn(reader), 1)
  t.is(reader.damaged, 1_000)
  t.is(reader.damages.length, 17)
  const at = start + 999 * HEAD_BYTES
  t.like(reader.damages.at(-1), { at, bytes: content.length - at, frames: undefined })
  t.deepEqual([read, calls], [content.length, 1_001])
})

for (const [what, damage] of [
  ['in it', (head: Buffer) => head.writeUInt32LE(713_032, AT_FRAMES)],
  ['before it', (head: Buffer) => head.writeBigUInt64LE(2n ** 64n - 1n, AT_FRAMES_BEFORE)],
] as const) {
  test(`a head that tells of more frames ${what} than there can be is none, and the file can be continued`, async (t) => {
    const [file, starts] = await recording(t, 3)
    const content = readFileSync(file)
    damage(content.subarray(starts[1]))
    writeFileSync(file, content)
    const reader = await RecordingReader.open(file)
    t.is(await framesIn(reader), 2)
    t.like(reader.damages, [{ at: starts[1], frames: undefined, reason: 'no block begins there' }])
    t.is(reader.framesLost, 1)
    const writer = await RecordingWriter.open(file)
    const bytes = Buffer.from('{}')
    writer.write({ receivedNs: START_NS, connection: writer.connect({ market: 'spot' }), bytes })
    await writer.close()
    t.is(await framesIn(await RecordingReader.open(file)), 3)
  })
}

test('a block that tells more of a connection than a writer would is damaged', async (t) => {
  const [file] = await recording(t, 1)
  const told = JSON.stringify({ market: 'spot', url: 'x'.repeat(1_000_000) })
  const content = Buffer.from(`# 0 ${told}\n${START_NS} 0 2 {}\n`)
  const block = await packBlock(content, { frames: 1, framesBefore: 1, firstNs: START_NS, lastNs: START_NS })
  writeFileSync(file, Buffer.concat([readFileSync(file), block]))
  const reader = await RecordingReader.open(file)
  t.is(await framesIn(reader), 1)
  t.like(reader.damages, [{ frames: 1, reason: 'the block is damaged' }])
  t.is([...reader.connections.values()][0]!.url, undefined)
})

const quote = JSON.stringify(quoteFrame(1))
/** Contents of blocks, written by hand: sound ones, and one for each thing that may be wrong. */
const contents = [
  `# 0 {"market":"spot"}\n${START_NS} 0 ${quote.length} ${quote}\n${START_NS + 1n} 0 0 \n`,
  `# 0 {"market":"usdm"}\n# 7 {"market":"spot","symbol":"BTCUSDT"}\n${START_NS} 7 ${quote.length} ${quote}\n`,
  `# 65535 {"market":"okx","url":"wss://x"}\n${START_NS} 65535 4 \n#0 \n`,
  `# 0 {"market":"spot"}\n${START_NS} 1 2 {}\n`,
  `# 0 {"market":5,"symbol":[]}\n${START_NS} 0 2 {}\n`,
  `# 0 {"__proto__":{"market":"spot"}}\n${START_NS} 0 2 {}\n`,
  `# 65536 {}\n`,
  `${START_NS} 0 9999999999 {}\n`,
  `# 0 {"market":"spot"}\n${START_NS} 0 16777216 {}\n`,
  `9999999999999999999 0 2 {}\n`,
]
const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'add', 'cut')), { maxLength: 5 })

testProp(
  'a sound block of any content is read, refused or damaged, on both backends alike',
  [fc.array(fc.tuple(fc.constantFrom(...contents), changes), { minLength: 1, maxLength: 3 })],
  async (t, blocks) => {
    const file = new Scratch(t).file('any.tbr', '')
    const packed: Buffer[] = []
    for (const [content, each] of blocks) {
      const bytes = [...Buffer.from(content)]
      for (const [place, byte, how] of each) {
        bytes.splice(place % bytes.length, how === 'add' ? 0 : 1, ...(how === 'cut' ? [] : [byte]))
      }
      const head = { frames: 1, framesBefore: packed.length, firstNs: START_NS, lastNs: START_NS }
      packed.push(await packBlock(Buffer.from(bytes), head))
    }
    writeFileSync(file, Buffer.concat(packed))
    let read = 0
    const reader = await RecordingReader.open(file, {}, (bytes) => void (read += bytes))
    let blocksRead = 0
    for await (const block of reader.blocks()) {
      blocksRead += 1
      t.true(block.connections.every((number) => reader.connections.has(number)))
    }
    t.is(blocksRead + reader.damaged, blocks.length)
    t.is(read, Buffer.concat(packed).length)
    const [first, ...others] = await Promise.all(backends.map((backend) => replayed(file, backend)))
    for (const other of others) t.deepEqual(other, first)
  },
  { numRuns: 150 },
)

/** What a replay counts and says, or why there is none. */
async function replayed(file: string, backend: (typeof backends)[number]): Promise<unknown> {
  try {
    const market = await RecordedMarket.open([file], backend)
    for await (const _ of market.messages(new Epoch(market.epochNs)));
    return [market.counts, market.faults.map(({ message }) => message)]
  } catch (error) {
    if ((error as { code?: string }).code !== 'TICKBUS_RECORDING') throw error
    return (error as Error).message
  }
}
