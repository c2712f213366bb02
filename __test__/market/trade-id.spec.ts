import { fc, testProp } from '@fast-check/ava'
import test from 'ava'
import { Epoch, Trade } from 'tickbus'
import { tradeCodec, viewsOf } from '../../dist/bus/index.js'
import { RECORD_BYTES } from '../../dist/layout.js'
import { loadMarketCore } from '../../dist/native/index.js'
import { backends } from './decoding.js'

const epoch = new Epoch(1_723_161_253_000_000_000n)
const uuid = '20f43950-d8dd-5b31-9112-a178eb6023af'

/** The record of a trade with this id, as the bus writes it. */
function recordOf(id: string): Uint8Array {
  const views = viewsOf(new ArrayBuffer(RECORD_BYTES))
  views.words[0] = tradeCodec.write(views, 0, new Trade(1.5, 2, 'BUYER', id, 0, 0, epoch), epoch)
  return views.bytes
}

/** The same record as a decoder writes it; undefined if the decoder rejects the id. */
function decoded(backend: 'native' | 'js', id: string): Uint8Array | undefined {
  const decoder = loadMarketCore(backend).openDecoder({ venue: 'OKX', symbols: [], instrumentsMost: 1 })
  decoder.setEpoch(1_723_161_253, 0)
  const data = [{ tradeId: id, px: '1.5', sz: '2', side: 'buy', ts: '1723161253000' }]
  const frame = Buffer.from(JSON.stringify({ arg: { channel: 'trades', instId: 'X' }, data }))
  const out = new Uint8Array(RECORD_BYTES)
  decoder.decodeFrames([frame], 0, new Float64Array(1), out)
  return decoder.counts[0] === 1 ? out : undefined
}

function readBack(bytes: Uint8Array): string {
  const views = viewsOf(Uint8Array.from(bytes).buffer)
  return tradeCodec.read(views, 0, epoch, views.words[0]!).tradeId
}

const id = fc.oneof(
  fc.uuid(),
  fc.stringMatching(/^\d{1,24}$/),
  fc.stringMatching(/^[!#-[\]-~]{1,24}$/),
  fc.stringMatching(/^[0-9a-f-]{36}$/),
)

testProp('an id comes back from a record as it was, or is refused', [id], (t, text) => {
  if (text.length <= 24 || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text))
    t.is(readBack(recordOf(text)), text)
  else t.throws(() => recordOf(text), { code: 'TICKBUS_RECORD_FIELD' })
})

for (const backend of backends) {
  testProp(`a decoder writes the id as the bus does [${backend}]`, [id], (t, text) => {
    const made = decoded(backend, text)
    if (made === undefined) t.throws(() => recordOf(text), { code: 'TICKBUS_RECORD_FIELD' })
    else t.deepEqual(Buffer.from(made), Buffer.from(recordOf(text)))
  })
}

test('a UUID takes 16 bytes, and only in the form that comes back as it was', (t) => {
  t.is(Buffer.from(recordOf(uuid)).subarray(40).toString('hex'), `${uuid.replaceAll('-', '')}${'00'.repeat(8)}`)
  for (const other of [uuid.toUpperCase(), `{${uuid.slice(2)}}`, uuid.replaceAll('-', '0'), `${uuid}0`]) {
    t.throws(() => recordOf(other), { code: 'TICKBUS_RECORD_FIELD', message: /UUID in lower case/ })
  }
})
