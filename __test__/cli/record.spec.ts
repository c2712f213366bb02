import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { RecordingReader } from 'tickbus/market'
import { bundled, line, quoteFrame, Scratch } from '../market/samples.js'
import { main, tickbus } from './command.js'

test('record converts recordings to one, which replay reads like the others', async (t) => {
  const out = join(new Scratch(t).folder, 'six.tbr')
  const recorded = await tickbus('record', out, '--from', ...bundled, '--json')
  t.is(recorded.code, 0)
  t.like(JSON.parse(recorded.stdout), { file: out, frames: 27_743, interrupted: false, faults: [] })
  const replayed = await tickbus('replay', out, '--json')
  t.is(replayed.code, 0)
  t.like(JSON.parse(replayed.stdout), {
    delivered: 27_743,
    lost: 0,
    messages: { quotes: 18_605, trades: 3_342, bookUpdates: 5_796, rejected: 0 },
    gaps: [],
  })
})

test('--from and --to replay what was received between', async (t) => {
  const file = new Scratch(t).recording(
    'spot_btcusdt.gz',
    Array.from({ length: 10 }, (_, i) => line(i * 1e9, quoteFrame(i))),
  )
  const range = ['--from', '2023-11-14T22:13:22Z', '--to', '1700000005000000000']
  const { code, stdout } = await tickbus('replay', file, ...range, '--json')
  t.is(code, 0)
  t.like(JSON.parse(stdout), { delivered: 4, messages: { total: 4 } })
})

test('the lines that are no frames are told, and are no failure', async (t) => {
  const scratch = new Scratch(t)
  const file = scratch.recording('spot_btcusdt.gz', [line(0, quoteFrame(1)), 'noise'])
  const { code, stdout, stderr } = await tickbus('record', join(scratch.folder, 'out.tbr'), '--from', file)
  t.is(code, 0)
  t.regex(stdout, /^1 frames of/)
  t.regex(stderr, /1 line without a receive time, from line 2/)
})

test('a recording that breaks off is converted as far as it goes, and fails', async (t) => {
  const scratch = new Scratch(t)
  const file = scratch.file('spot_btcusdt.gz', readFileSync(bundled[2]!).subarray(0, 40_000))
  const { code, stdout } = await tickbus('record', join(scratch.folder, 'out.tbr'), '--from', file, '--json')
  t.is(code, 1)
  const { frames, faults } = JSON.parse(stdout)
  t.true(frames > 100)
  t.like(faults, [{ code: 'TICKBUS_RECORDING' }])
})

test('what cannot be recorded is refused before a file is made', async (t) => {
  const scratch = new Scratch(t)
  const out = join(scratch.folder, 'out.tbr')
  t.is((await tickbus('record', out)).code, 2)
  t.is((await tickbus('record', out, '--from', join(scratch.folder, 'missing.gz'))).code, 1)
  t.is((await tickbus('record', out, '--from', scratch.recording('nameless.gz', ['x']))).code, 1)
  t.false(existsSync(out))
})

test('Ctrl-C ends the recording with what was recorded, and closes the file', async (t) => {
  const scratch = new Scratch(t)
  const out = join(scratch.folder, 'out.tbr')
  const many = Array.from({ length: 400_000 }, (_, i) => line(i, quoteFrame(i)))
  const file = scratch.recording('spot_btcusdt.gz', many)
  const child = spawn(process.execPath, [main, 'record', out, '--from', file, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let stdout = ''
  child.stdout.on('data', (text: Buffer) => (stdout += text))
  // Once a block is in the file there is something to interrupt.
  while (!existsSync(out) || readFileSync(out).length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  child.kill('SIGINT')
  const [code] = await new Promise<[number | null]>((resolve) => child.once('close', (number) => resolve([number])))
  t.is(code, 130)
  const { frames, interrupted } = JSON.parse(stdout)
  t.true(interrupted)
  await using reader = await RecordingReader.open(out)
  let found = 0
  for await (const head of reader.heads()) found += head.frames
  t.is(found, frames)
  t.true(frames < many.length)
  t.is(reader.damaged, 0)
})
