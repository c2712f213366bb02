// crates/bus/tests/messages.txt holds both languages together: crates/bus/tests/message.rs reads the same bytes in Rust.
import { readFileSync } from 'node:fs'
import test from 'ava'
import { type RecordCodec, viewsOf } from '../../dist/bus/index.js'
import { codecs, epoch, file, lines } from './message-lines.js'

const committed = readFileSync(file, 'utf8').trimEnd().split('\n')

test('the codecs write the bytes that Rust is tested with', (t) => {
  t.deepEqual(lines(), committed)
})

test('the codecs read those bytes, and write what they read the same', (t) => {
  for (const line of committed) {
    const [kind, record, payload] = line.split('|') as [keyof typeof codecs, string, string]
    const codec = codecs[kind] as RecordCodec<unknown>
    const views = viewsOf(
      Uint8Array.from(Buffer.from(payload === '' ? record : '00'.repeat(8) + payload, 'hex')).buffer,
    )
    const head = Buffer.from(record, 'hex').readUInt32LE()
    const message = codec.read(views, 0, epoch, head)
    const again = viewsOf(new ArrayBuffer(views.bytes.length))
    t.is(codec.write(again, 0, message, epoch), head)
    t.deepEqual(again.bytes.subarray(8), views.bytes.subarray(8), line)
  }
})
