import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { BufferedMessageBusClient, MessageBus } from 'tickbus'
import { codeOfRejection, forEachBackend } from '../conformance/backends.js'

const FIXTURE = fileURLToPath(new URL('fixtures/drain.mjs', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly counts: Record<string, number>
  /** What the logger said on stderr. */
  readonly report: { reason: string; queued: number; inFlight: number; groups: Record<string, unknown> } | undefined
}

/** Runs the fixture; `onLine` hears each thing that it says. */
async function drainIn(
  backend: string,
  way: string,
  onLine: (line: string, child: ChildProcess) => void,
): Promise<Ended> {
  const child = spawn(process.execPath, [FIXTURE, backend, way], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let told = ''
  let done = 0
  child.stderr.on('data', (data: Buffer) => (told += data.toString()))
  child.stdout.on('data', (data: Buffer) => {
    said += data.toString()
    const lines = said.split('\n')
    for (; done < lines.length - 1; done += 1) onLine(JSON.parse(lines[done]!) as string, child)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  const reports = told.split('\n').filter((line) => line.includes('before its work is done'))
  const counts = JSON.parse(said.trimEnd().split('\n').at(-1)!) as Record<string, number>
  const report = reports
    .map((line) => JSON.parse(line) as Ended['report'])
    .find((one) => one!.queued + one!.inFlight > 0)
  return { code, counts, report }
}

const terminate = (line: string, child: ChildProcess): void => {
  if (line === 'ready') child.kill('SIGTERM')
}

forEachBackend('a signal that ends the process', (test, { backend }) => {
  for (const way of ['functions', 'workers']) {
    test(`finishes what was accepted, takes nothing more, exits with 0: ${way}`, async (t) => {
      const { code, counts, report } = await drainIn(backend, way, terminate)
      t.is(code, 0)
      t.is(report, undefined)
      t.true(counts['accepted']! > 2_000)
      t.is(counts['copies'], counts['accepted'])
      t.is(counts['delivered'], counts['accepted'])
      t.is(counts['exits'], 1)
    })
  }

  test('what handlers publish meanwhile is taken in, and finished by whichever client has it', async (t) => {
    const { code, counts } = await drainIn(backend, 'publishes', () => {})
    t.is(code, 0)
    // The one that was under way was refused, and so tried again.
    t.is(counts['orders'], 302)
    t.is(counts['delivered'], 301)
    t.is(counts['fills'], 602)
    t.is(counts['refused'], 1, 'what the bus brings late is a count')
  })

  test('exits with 1 when the limit is over, and says what was left', async (t) => {
    const { code, counts, report } = await drainIn(backend, 'limit', terminate)
    t.is(code, 1)
    t.regex(report!.reason, /30 ms/)
    const left = report!.queued + report!.inFlight
    t.is(left + counts['delivered']!, 20)
    t.is(counts['closed'], left)
    const { exec } = report!.groups as Record<string, { lanes: Record<string, number>; lost: object; inFlight: number }>
    // One slot of four is kept for what is critical.
    t.is(exec!.inFlight, 3)
    t.deepEqual(exec!.lanes, { high: report!.queued })
    t.deepEqual(exec!.lost, { closed: left })
  })

  test('exits with 1 at another signal, without waiting for the limit', async (t) => {
    const { code, report } = await drainIn(backend, 'second', (line, child) => {
      terminate(line, child)
      if (line === 'closed') child.kill('SIGINT')
    })
    t.is(code, 1)
    t.regex(report!.reason, /SIGINT/)
    t.is(report!.inFlight, 3)
  })
})

test.serial('bad options are refused, and no signal is listened to', async (t) => {
  const bus = new MessageBus()
  t.teardown(() => bus.close())
  const bad = [
    true,
    null,
    { signals: [] },
    { signals: 'SIGTERM' },
    { signals: ['SIGKILL'] },
    { signals: ['SIGNONE'] },
    { timeoutMs: -1 },
    { timeoutMs: NaN },
    { timeoutMs: '1' },
  ]
  for (const drainOnSignal of bad) {
    const opened = BufferedMessageBusClient.open(bus, { drainOnSignal: drainOnSignal as never })
    t.is(await codeOfRejection(opened), 'TICKBUS_ARGUMENT', JSON.stringify(drainOnSignal))
  }
  t.is(
    await codeOfRejection(BufferedMessageBusClient.open(bus, { drainOnSignal: {}, policy: 'x' as never })),
    'TICKBUS_CONFIG',
  )
  t.is(process.listenerCount('SIGTERM'), 0)
})

test.serial('listens as long as a client is open that asks for it', async (t) => {
  const bus = new MessageBus()
  t.teardown(() => bus.close())
  const count = (): number => process.listenerCount('SIGTERM') + process.listenerCount('SIGUSR2')
  const first = await BufferedMessageBusClient.open(bus, { drainOnSignal: { signals: ['SIGTERM'] } })
  const second = await BufferedMessageBusClient.open(bus, { drainOnSignal: { signals: ['SIGTERM', 'SIGUSR2'] } })
  const third = await BufferedMessageBusClient.open(bus)
  t.is(count(), 2)
  await second.close()
  t.is(count(), 1)
  await first.close()
  t.is(count(), 0)
  await third.close()
})
