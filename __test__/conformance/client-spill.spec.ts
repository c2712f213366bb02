import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import {
  type BufferedMessageBusClient,
  bytes,
  type ClientOptions,
  type Delivery,
  json,
  type Logger,
  type MessageBusOptions,
  Priority,
  Quote,
  quote,
  record,
  topics,
} from 'tickbus'
import { until } from '../until.js'
import { codeOf, codeOfRejection, forEachBackend, type OnBackend } from './backends.js'
import { accounted, openClient, type OpenClient } from './clients.js'

/** So long that a hundred of them are more than is kept in memory. */
const LONG = 'x'.repeat(2_000)
const long = (n: number): string => `${n} ${LONG}`
const numberOf = (message: string): number => Number(message.split(' ')[0])
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

interface Spilling extends OpenClient {
  /** Of this test alone. */
  readonly dir: string
  /** Bytes in all spill files. */
  readonly onDisk: () => number
  readonly logged: string[]
  /** Turns until all is handled. */
  readonly drain: () => Promise<void>
}

/** A client whose normal lane holds 4 messages and spills. */
async function openSpilling(
  t: ExecutionContext,
  on: OnBackend,
  lane: object = {},
  options: ClientOptions = {},
  busOptions: MessageBusOptions = {},
): Promise<Spilling> {
  const dir = mkdtempSync(join(tmpdir(), 'tickbus-test-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const logged: string[] = []
  const log = (details: object | string, message?: string): void => void logged.push(message ?? String(details))
  const logger: Logger = { trace: log, debug: log, info: log, warn: log, error: log, fatal: log, child: () => logger }
  const lanes = { normal: { capacity: 4, overflow: 'spill', ...lane }, ...options.lanes } as const
  const opened = await openClient(t, on, { ...options, spillDir: dir, logger, lanes }, busOptions)
  const { client, clock } = opened
  const isIdle = (): boolean => {
    clock.turn()
    return Object.values(client.stats().groups).every(({ queued, inFlight }) => queued + inFlight === 0)
  }
  return { ...opened, dir, logged, onDisk: () => bytesIn(dir), drain: () => until(isIdle, 'the end of the work') }
}

function bytesIn(dir: string): number {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}

const fileIn = (dir: string): string =>
  join(dir, readdirSync(dir, { recursive: true }).find((name) => `${name}`.endsWith('.spill')) as string)
const stats = (client: BufferedMessageBusClient, group = 'g') => client.stats().groups[group]!

forEachBackend('lanes that spill', (test, on) => {
  test('what does not fit goes to disk, comes back in order, and the lane is itself again', async (t) => {
    const { client, clock, onDisk, drain } = await openSpilling(t, on)
    const seen: number[] = []
    const faults: string[] = []
    const handler = (message: string): void => {
      seen.push(numberOf(message))
      const group = stats(client)
      if (group.copies !== accounted(group)) faults.push(message)
    }
    await client.subscribe('a', handler, { group: 'g' })
    for (let round = 1; round <= 2; round += 1) {
      const statuses = upTo(300).map((n) => client.tryPublish('a', long(n)))
      t.deepEqual(statuses, [...upTo(4).map(() => 'accepted'), ...upTo(296).map(() => 'spilled')])
      const { queued, spilled, lanes } = stats(client)
      t.deepEqual([queued, spilled, lanes['normal']!.queued, lanes['normal']!.spilled], [300, 296, 300, 296])
      await until(() => onDisk() > 200_000, 'the file')
      await drain()
      t.deepEqual(seen.splice(0), upTo(300))
      t.deepEqual(faults, [])
      await until(() => onDisk() === 0, 'its end')
      const group = stats(client)
      t.deepEqual([group.copies, group.delivered, group.spilled], [300 * round, 300 * round, 0])
    }
    t.is(client.tryPublish('a', 'at once'), 'accepted')
    clock.turn()
    t.is(seen.length, 1)
    t.is(stats(client).lanes['normal']!.queued, 0)
  })

  test('what is published meanwhile follows, by the handlers too, and what few were spilled needs no disk', async (t) => {
    const { client, clock, onDisk } = await openSpilling(t, on)
    const seen: number[] = []
    let next = 10
    const handler = (n: number): void => {
      seen.push(n)
      if (next < 40) client.tryPublish('a', next++)
    }
    await client.subscribe('a', handler, { group: 'g' })
    for (const n of upTo(10)) client.tryPublish('a', n)
    await clock.settle()
    t.deepEqual(seen, upTo(40))
    t.is(onDisk(), 0)
  })

  test('a key keeps its order across lanes: what has some of it spilled is not overtaken', async (t) => {
    const { client, drain } = await openSpilling(t, on)
    const seen: string[] = []
    await client.subscribe('a', (message: string) => seen.push(message.slice(0, 3)), { group: 'g' })
    const publish = (message: string, key: string, priority: number = Priority.NORMAL): string =>
      client.tryPublish('a', message, { key, priority })
    for (const n of upTo(200)) publish(`k${n % 9} ${long(n)}`, `k${n % 9}`)
    t.is(publish('k1!', 'k1', Priority.CRITICAL), 'spilled')
    t.is(publish('o1!', 'other', Priority.CRITICAL), 'accepted')
    await drain()
    t.is(seen[0], 'o1!')
    t.is(seen.lastIndexOf('k1 ') + 1 > 0 && seen.indexOf('k1!') > seen.lastIndexOf('k1 '), true)
    // Nothing of the key is spilled any more.
    t.is(publish('k1!', 'k1', Priority.CRITICAL), 'accepted')
  })

  test('each key keeps its order through lane and file, with handlers that take their time', async (t) => {
    const { client, drain } = await openSpilling(t, on, {}, { lanes: { high: { capacity: 2, overflow: 'spill' } } })
    const last = new Map<string, number>()
    const faults: number[] = []
    const handler = async (message: string, { key }: Delivery): Promise<void> => {
      const n = numberOf(message)
      if ((last.get(key!) ?? -1) > n) faults.push(n)
      last.set(key!, n)
      await new Promise(setImmediate)
    }
    await client.subscribe('a', handler, { group: 'g', concurrency: 8 })
    for (const n of upTo(600)) {
      const status = client.tryPublish('a', long(n), { key: `k${n % 13}`, priority: 1 + (Math.floor(n / 7) % 2) })
      t.true(status === 'spilled' || n < 30, `${n} ${status}`)
    }
    await drain()
    t.deepEqual(faults, [])
    t.is(stats(client).delivered, 600)
  })

  test('a full file refuses, is counted, and takes more once it is emptied', async (t) => {
    const { client, drain, onDisk } = await openSpilling(t, on, { spillMb: 0.3 })
    const seen: number[] = []
    await client.subscribe('a', (message: string) => seen.push(numberOf(message)), { group: 'g' })
    const fill = (from: number): number => {
      for (let n = from; ; n += 1) {
        const status = client.tryPublish('a', long(n))
        if (status === 'backpressured') return n
        t.is(status, n < from + 4 ? 'accepted' : 'spilled')
      }
    }
    const first = fill(0)
    t.true(first * 2_000 < 0.3 * 2 ** 20 && first * 2_000 > 0.27 * 2 ** 20, `${first}`)
    t.is(await codeOfRejection(client.publish('a', long(0))), 'TICKBUS_BACKPRESSURED')
    await until(() => onDisk() > 0, 'the file')
    const group = stats(client)
    t.deepEqual([group.spillFull, client.stats().refused, group.spillFailed], [2, 2, 0])
    await drain()
    const second = fill(first)
    t.is(second, 2 * first)
    await drain()
    t.deepEqual(seen, upTo(second))
  })

  test('a file that is written and read at once goes round in its bounds', async (t) => {
    const { client, clock, drain, onDisk } = await openSpilling(t, on, { spillMb: 0.5 })
    let next = 0
    let published = 0
    let isInOrder = true
    const handler = (message: string): void => {
      isInOrder &&= numberOf(message) === next
      next += 1
    }
    await client.subscribe('a', handler, { group: 'g' })
    const fill = (): boolean => {
      while (published < 2_000 && client.tryPublish('a', long(published)) !== 'backpressured') published += 1
      return published === 2_000
    }
    fill()
    // From now on its middle lies in the file, so that it is not empty before the end.
    await until(() => onDisk() > 300_000, 'the file')
    await until(() => (clock.turn(), fill()), 'the last publish')
    t.true(onDisk() <= 0.5 * 2 ** 20, `${onDisk()}`)
    await drain()
    t.true(isInOrder)
    t.is(next, 2_000)
  })

  test('a disk that takes nothing is told and counted; what was accepted arrives, and later all is well', async (t) => {
    const { client, dir, drain, logged, onDisk } = await openSpilling(t, on)
    const [own] = readdirSync(dir)
    rmSync(join(dir, own!), { recursive: true })
    const seen: number[] = []
    await client.subscribe('a', (message: string) => seen.push(numberOf(message)), { group: 'g' })
    for (const n of upTo(300)) t.not(client.tryPublish('a', long(n)), 'backpressured')
    await until(() => logged.some((line) => line.includes('lane normal cannot use its spill file')), 'the log')
    t.is(client.tryPublish('a', long(300)), 'backpressured')
    const group = stats(client)
    t.deepEqual([group.spillFailed, group.spillFull, group.spilled], [1, 0, 296])
    t.is(group.copies, accounted(group))
    await drain()
    t.deepEqual(seen.splice(0), upTo(300))
    mkdirSync(join(dir, own!))
    for (const n of upTo(300)) client.tryPublish('a', long(n))
    await until(() => onDisk() > 0, 'the file')
    await drain()
    t.deepEqual(seen, upTo(300))
    t.is(logged.filter((line) => line.includes('spill file')).length, 1)
  })

  test('a disk that gives nothing back costs what lay there, which is counted; keys and lane are free again', async (t) => {
    const { client, dir, drain, logged, onDisk } = await openSpilling(t, on)
    const seen: number[] = []
    await client.subscribe('a', (message: string) => seen.push(numberOf(message)), { group: 'g' })
    for (const n of upTo(400)) client.tryPublish('a', long(n), { key: `k${n % 3}` })
    let size = 0
    // All that goes there at all.
    await until(() => size === (size = onDisk()) && size > 500_000, 'the file')
    truncateSync(fileIn(dir), 0)
    await drain()
    const { copies, delivered, dropped, spilled } = stats(client)
    t.is(copies, 400)
    t.true(delivered >= 4 && dropped.undecodable > 200, `${delivered}`)
    t.deepEqual([delivered + dropped.undecodable, spilled], [400, 0])
    t.deepEqual(
      seen,
      [...seen].sort((a, b) => a - b),
    )
    t.true(logged.some((line) => /spilled messages cannot be read and are lost/.test(line)))
    t.is(client.tryPublish('a', long(0), { key: 'k0', priority: Priority.HIGH }), 'accepted')
    t.is(client.tryPublish('a', long(0), { key: 'k1' }), 'accepted')
  })

  test('the close counts what is spilled, and removes the files', async (t) => {
    const { client, dir, onDisk } = await openSpilling(t, on)
    await client.subscribe('a', () => {}, { group: 'g' })
    for (const n of upTo(300)) client.tryPublish('a', long(n), { key: 'k' })
    await until(() => onDisk() > 0, 'the file')
    await client.close()
    const group = stats(client)
    t.deepEqual([group.copies, group.dropped.closed, group.queued], [300, 300, 0])
    t.deepEqual(readdirSync(dir), [])
  })

  test('what dead processes left is removed at the open, and nothing else', async (t) => {
    const { dir, client } = await openSpilling(t, on)
    const [living] = readdirSync(dir)
    const left = ['tickbus-spill-4194305-7-a', `tickbus-spill-${process.pid}-7-b`]
    for (const name of left) {
      mkdirSync(join(dir, name))
      writeFileSync(join(dir, name, '1.spill'), 'left')
    }
    writeFileSync(join(dir, 'somebody-elses'), '')
    const lanes = { normal: { overflow: 'spill' } } as const
    const { client: second } = await openClient(t, on, { spillDir: dir, lanes })
    t.is(readdirSync(dir).length, 3)
    t.true(existsSync(join(dir, living!)))
    await second.close()
    await client.close()
    t.deepEqual(readdirSync(dir), ['somebody-elses'])
  })

  test('a folder that is not there is refused at the open', async (t) => {
    const lanes = { normal: { overflow: 'spill' } } as const
    t.is(await codeOfRejection(openClient(t, on, { spillDir: '/nowhere/at/all', lanes })), 'TICKBUS_SPILL')
  })

  test('what cannot be encoded is refused where it would have to be, and nothing has happened', async (t) => {
    const { bus, client, clock } = await openSpilling(t, on)
    const heard: unknown[] = []
    bus.subscribe('*', (message: unknown) => heard.push(message))
    const seen: unknown[] = []
    for (const group of ['g', 'h']) await client.subscribe('*', (message: unknown) => seen.push(message), { group })
    for (const n of upTo(5)) client.tryPublish('a', n)
    t.is(
      codeOf(() => client.tryPublish('a', () => {})),
      'TICKBUS_ENCODE',
    )
    t.is(
      codeOf(() => client.tryPublish('a', 'x'.repeat(2 ** 20) + 'x')),
      'TICKBUS_PAYLOAD_SIZE',
    )
    t.is(heard.length, 5)
    for (const group of ['g', 'h']) t.is(stats(client, group).copies, 5)
    await clock.settle()
    t.deepEqual([seen.length, stats(client).copies], [10, 5])
  })

  test('if another group refuses, nothing is spilled', async (t) => {
    const { client, clock } = await openSpilling(t, on, {}, { lanes: { high: { capacity: 1, overflow: 'reject' } } })
    const schema = ['first', 'last']
    for (const group of schema) await client.subscribe(`${group}.*`, () => {}, { group })
    await client.subscribe('*.both', () => {}, { group: 'both' })
    for (const n of upTo(10)) client.tryPublish('first.1', n)
    for (const n of upTo(10)) client.tryPublish('x.both', n)
    t.is(client.tryPublish('x.both', 0, { priority: Priority.HIGH }), 'accepted')
    // A key ties what is urgent to the file of one group, and the other has no room.
    client.tryPublish('first.1', 'k', { key: 'k' })
    t.is(client.tryPublish('first.both', 1, { key: 'k', priority: Priority.HIGH }), 'backpressured')
    t.deepEqual([stats(client, 'first').copies, stats(client, 'first').spilled], [11, 7])
    await clock.settle()
    t.is(stats(client, 'first').delivered, 11)
  })

  test('spilled messages are what they were: kinds, ids, keys, times and deadlines', async (t) => {
    const fields = Object.fromEntries(upTo(40).map((i) => [`f${i}`, 'f64' as const]))
    const schema = topics({ q: quote(), wide: record(fields), j: json(), b: bytes() })
    const { bus, client, clock, drain, onDisk } = await openSpilling(t, on, {}, {}, { schema })
    const tick = new Quote(1.5, 2.5, 3, 4, 1, 2, bus.epoch)
    const wide = Object.fromEntries(Object.keys(fields).map((name, i) => [name, i / 3]))
    const sent: [string, unknown][] = [
      ['q', tick],
      ['wide', wide],
      ['j', { a: [1, { b: null }] }],
      ['b', new Uint8Array([1, 2, 3])],
      ['free', { when: new Date(7), set: new Set([1]), long: LONG }],
      ['free', tick],
    ]
    const seen: { id: number; topic: string; message: unknown; terms: unknown }[] = []
    const handler = (message: unknown, { topic, key, id, publishedNs, priority }: Delivery): void => {
      seen.push({ id, topic, message, terms: [key, publishedNs, priority] })
    }
    const expired: unknown[] = []
    await client.subscribe('*', handler, { group: 'g', onExpired: (message: unknown) => expired.push(message) })
    const ids: number[] = []
    const startNs = clock.nowNs()
    for (const n of upTo(120)) {
      for (const [topic, message] of sent) {
        ids.push((await client.publish(topic, message as never, { key: `ключ${n}` })).id)
      }
    }
    client.tryPublish('free', 'too late', { deadlineMs: 3 })
    await until(() => onDisk() > 0, 'the file')
    clock.advance(5)
    await drain()
    t.deepEqual(expired, ['too late'])
    t.is(seen.length, 720)
    // Those of one key take turns with those of another.
    seen.sort((a, b) => a.id - b.id)
    t.deepEqual(
      seen.map(({ id }) => id),
      ids,
    )
    for (const [i, { topic, message, terms }] of seen.entries()) {
      t.is(topic, sent[i % 6]![0])
      // The first ones found room in the lane.
      t.deepEqual(message, i % 6 === 2 || i % 6 === 4 ? sent[i % 6]![1] : seen[i % 6]!.message)
      t.deepEqual(terms, [`ключ${Math.floor(i / 6)}`, startNs, Priority.NORMAL])
    }
  })

  test('what waits in a file for a subscription that ended still goes to it', async (t) => {
    const { client, clock, onDisk } = await openSpilling(t, on)
    let count = 0
    const subscription = await client.subscribe('a.*', () => (count += 1), { group: 'g' })
    for (const n of upTo(300)) client.tryPublish(`a.${n % 5}`, long(n))
    subscription.unsubscribe()
    await until(() => onDisk() > 0, 'the file')
    await until(() => (clock.turn(), count === 300), 'all of them')
    t.is(stats(client).delivered, 300)
  })

  test('worker threads get what was spilled', async (t) => {
    const bus = on.openBus(t)
    const dir = mkdtempSync(join(tmpdir(), 'tickbus-test-'))
    t.teardown(() => rmSync(dir, { recursive: true, force: true }))
    const { BufferedMessageBusClient } = await import('tickbus')
    const lanes = { normal: { capacity: 10, overflow: 'spill' } } as const
    const client = await BufferedMessageBusClient.open(bus, { lanes, spillDir: dir })
    const began: { n: number; key: string; atNs: number }[] = []
    bus.subscribe('began', (what: (typeof began)[number]) => began.push(what))
    const module = new URL('../client/modules/worker.mjs', import.meta.url)
    await client.subscribe('a', module, { group: 'g', threads: 2 })
    for (const n of upTo(500)) client.tryPublish('a', { n, LONG }, { key: `k${n % 7}` })
    t.true(stats(client).spilled > 300)
    t.is(stats(client).copies, accounted(stats(client)))
    t.true((await client.drain()).complete)
    t.is(stats(client).delivered, 500)
    await until(() => began.length === 500, 'what the threads say')
    await client.close()
    began.sort((a, b) => a.atNs - b.atNs)
    for (const k of upTo(7)) {
      const ns = began.filter(({ key }) => key === `k${k}`).map(({ n }) => n)
      t.deepEqual(
        ns,
        [...ns].sort((a, b) => a - b),
      )
    }
    t.deepEqual(readdirSync(dir), [])
  })
})
