import { fc, testProp } from '@fast-check/ava'
import { backends, open } from './decoding.js'
import { quoteFrame } from './samples.js'

/** Frames as a socket gives them: some lie in the memory of one read, others in their own; sometimes more than one call takes. */
const count = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 9 }) }, fc.constantFrom(255, 256, 257, 600))
const piece = fc.record({ count, isTogether: fc.boolean(), isSound: fc.boolean() })

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
}
