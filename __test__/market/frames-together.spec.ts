import test from 'ava'
import { fc, testProp } from '@fast-check/ava'
import { backends, open } from './decoding.js'
import { quoteFrame } from './samples.js'

/** Frames as a socket gives them: some lie in the memory of one read, others in their own. */
const piece = fc.record({ count: fc.integer({ min: 1, max: 9 }), isTogether: fc.boolean(), isSound: fc.boolean() })

function framesOf({ count, isTogether, isSound }: { count: number; isTogether: boolean; isSound: boolean }): Buffer[] {
  const texts = Array.from({ length: count }, (_, i) => (isSound ? JSON.stringify(quoteFrame(i + 1)) : '{"e":'))
  if (!isTogether) return texts.map((text) => Buffer.from(new TextEncoder().encode(text).buffer))
  const read = Buffer.from(new TextEncoder().encode(texts.join('..')).buffer)
  let at = 0
  return texts.map((text) => {
    const frame = read.subarray(at, at + text.length)
    at += text.length + 2
    return frame
  })
}

for (const backend of backends) {
  testProp(
    `frames give the same messages wherever they lie [${backend}]`,
    [fc.array(piece, { maxLength: 12 })],
    (t, pieces) => {
      const frames = pieces.flatMap(framesOf)
      const receivedNs = Float64Array.from(frames, (_, i) => 1_000 * i)
      const [together, apart] = [open(backend), open(backend)]
      const messages = together.frames(frames, receivedNs)
      const each = frames.flatMap((frame, i) => apart.frames([Buffer.from(frame)], receivedNs.subarray(i, i + 1)))
      t.deepEqual(messages, each)
      t.deepEqual([together.counts, together.report], [apart.counts, apart.report])
      t.is(together.counts.frames, frames.length)
    },
  )

  for (const isTogether of [true, false]) {
    const where = isTogether ? 'in one piece' : 'apart'
    test(`frames without a receive time are rejected, and counted [${where}, ${backend}]`, (t) => {
      const decoder = open(backend)
      const frames = framesOf({ count: 6, isTogether, isSound: true })
      t.is(decoder.frames(frames, Float64Array.of(1, 2)).length, 2)
      t.like(decoder.counts, { frames: 6, quotes: 2, rejected: 4 })
      t.deepEqual(decoder.report.rejected, [{ name: 'reach', count: 4 }])
      t.is(decoder.frames(frames.slice(0, 1), new Float64Array()).length, 0)
      t.is(decoder.counts.rejected, 5)
    })
  }
}
