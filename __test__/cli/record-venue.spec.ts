import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { RecordingReader, VenueReplayServer } from 'tickbus/market'
import { backends } from '../market/decoding.js'
import { quoteFrame, Scratch } from '../market/samples.js'
import { main, run, tickbus } from './command.js'

/** Quotes and trades of now, since a bus that is opened now takes no others. */
const nowMs = Date.now()
const nowNs = BigInt(nowMs) * 1_000_000n
const trade = (id: number) => ({
  stream: 'btcusdt@trade',
  data: { e: 'trade', E: nowMs, T: nowMs, s: 'BTCUSDT', t: id, p: '100.1', q: '2', m: false },
})
const frames = Array.from({ length: 500 }, (_, i) => ({
  receivedNs: nowNs + BigInt(i),
  frame: JSON.stringify(i % 2 === 0 ? quoteFrame(i + 1) : trade(i + 1)),
}))

async function textsIn(file: string): Promise<string[]> {
  const texts: string[] = []
  for await (const { bytes } of await RecordingReader.open(file)) texts.push(Buffer.from(bytes).toString())
  return texts
}

for (const backend of backends) {
  test(`record writes what a venue sends until Ctrl-C, and replay reads it [${backend}]`, async (t) => {
    const out = join(new Scratch(t).folder, 'live.tbr')
    const server = await VenueReplayServer.open({ protocol: 'binance-spot', frames, speed: 'max' })
    t.teardown(() => server.close())
    const what = ['--venue', 'binance-spot', '--channels', 'quotes,trades', '--symbols', 'BTCUSDT']
    const recorder = running(t, backend, ['record', out, ...what, '--url', server.url, '--json'])
    await until(() => server.stats().requests === 2)
    server.step(frames.length)
    // Two answers and all frames are in the file once the recorder has put out what it waits with.
    await until(() => existsSync(out) && server.stats().served === frames.length)
    for (let texts = 0; texts < frames.length + 2;) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      texts = (await textsIn(out)).length
    }
    t.is(await recorder.interrupted(), 0)
    t.like(JSON.parse(recorder.stdout), {
      file: out,
      frames: frames.length + 2,
      interrupted: false,
      unread: 0,
      connects: 1,
    })
    const texts = await textsIn(out)
    t.deepEqual(
      texts.filter((text) => text.startsWith('{"stream"')),
      frames.map(({ frame }) => frame),
    )
    const replayed = await run([main, 'replay', out, '--json'], { TICKBUS_BACKEND: backend })
    t.like(JSON.parse(replayed.stdout), { lost: 0, messages: { quotes: 250, trades: 250, rejected: 0 } })
  })

  test(`serve plays recordings to record, which ends after its time [${backend}]`, async (t) => {
    const scratch = new Scratch(t)
    const [made, out] = [join(scratch.folder, 'made.tbr'), join(scratch.folder, 'out.tbr')]
    const lines = frames.map(({ receivedNs, frame }) => `${receivedNs} ${frame}`)
    await tickbus('record', made, '--from', scratch.recording('spot_btcusdt.gz', lines))
    const serving = running(t, backend, ['serve', made, '--speed', 'max', '--json'])
    await until(() => serving.stdout.includes('\n'))
    const start = JSON.parse(serving.stdout)
    t.like(start, { venue: 'binance-spot', frames: frames.length })
    const what = ['--venue', 'binance-spot', '--channels', 'quotes', '--symbols', 'BTCUSDT', '--for', '2', '--json']
    const recorded = await run([main, 'record', out, ...what, '--url', start.url], { TICKBUS_BACKEND: backend })
    t.is(recorded.code, 0, recorded.stderr)
    t.like(JSON.parse(recorded.stdout), { frames: 251, interrupted: false })
    t.is(await serving.interrupted(), 0)
    t.like(JSON.parse(serving.stdout.trim().split('\n')[1]!), { served: 250, unheard: 250, position: 500 })
    t.is((await textsIn(out)).length, 251)
  })
}

test('what a venue cannot be recorded with is refused before a file is made', async (t) => {
  const out = join(new Scratch(t).folder, 'out.tbr')
  const what = ['--channels', 'quotes', '--symbols', 'BTCUSDT']
  t.is((await tickbus('record', out, '--venue', 'nyse', ...what)).code, 2)
  t.is((await tickbus('record', out, '--venue', 'okx', '--symbols', 'BTC-USDT')).code, 2)
  t.is((await tickbus('record', out, '--venue', 'okx', ...what, '--for', '0')).code, 2)
  t.is((await tickbus('record', out, '--venue', 'okx', ...what, '--from', 'x.gz')).code, 2)
  t.is((await tickbus('record', out, '--venue', 'okx', ...what, '--url', 'nowhere')).code, 1)
  t.false(existsSync(out))
})

test('serve says what it cannot know or read', async (t) => {
  const scratch = new Scratch(t)
  const file = scratch.recording('kraken_x.gz', ['1700000000000000000 {}'])
  const unknown = await tickbus('serve', file)
  t.is(unknown.code, 1)
  t.regex(unknown.stderr, /protocol: one of kraken-v1, kraken-v2|kraken-v1, kraken-v2/)
  t.is((await tickbus('serve', join(scratch.folder, 'missing.gz'))).code, 1)
  t.is((await tickbus('serve', file, '--speed', 'fast')).code, 2)
  t.is((await tickbus('serve', file, '--port', '70000')).code, 2)
  t.is((await tickbus('serve')).code, 2)
})

/** `tickbus` with these arguments, in a process that goes on until it is interrupted, or the test ends. */
function running(t: ExecutionContext, backend: string, args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, TICKBUS_BACKEND: backend },
  })
  t.teardown(() => child.kill('SIGKILL'))
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  const command = {
    stdout: '',
    /** Presses Ctrl-C; resolves with the exit code. */
    interrupted: () => {
      child.kill('SIGINT')
      return closed
    },
  }
  child.stdout.on('data', (text: Buffer) => (command.stdout += text))
  return command
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}
