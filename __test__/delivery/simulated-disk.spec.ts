/** Disks that lose, refuse and fail, which no test can have of a real one. JavaScript backend; docs/simulation.md. */
import test from 'ava'
import {
  BufferedMessageBusClient,
  type ClientOptions,
  json,
  Journal,
  type JournalOptions,
  MessageBus,
  topics,
} from 'tickbus'
import { Disk } from '../../dist/.simulate/disk.js'
import { Random } from '../../dist/.simulate/random.js'
import { systemOf } from '../../dist/.simulate/system.js'
import { Tally } from '../../dist/.simulate/tally.js'
import { World } from '../../dist/.simulate/world.js'
import { KnownGroups } from '../../dist/client/journal/known-groups.js'
import type { System } from '../../dist/system.js'
import { codeOfRejection } from '../conformance/backends.js'
import { deferred } from '../conformance/clients.js'
import { message, numberOf } from './journals.js'

const SEEDS = Array.from({ length: 20 }, (_, nth) => nth + 1)

interface Machine {
  readonly world: World
  readonly disk: Disk
  readonly system: System
  open(options?: JournalOptions): Promise<Journal>
  /** Waits for a promise while time goes by. */
  until<T>(promise: Promise<T>): Promise<T>
  cutPower(): void
}

/** What is lost when the power goes is the seed's choice. */
function machine(seed = 1): Machine {
  const random = new Random(seed)
  const tally = new Tally()
  const world = new World(random, tally)
  const disk = new Disk(world, random, tally)
  const system = systemOf(world, disk, random)
  return {
    world,
    disk,
    system,
    open: (options = {}) => Journal.open('/wal', { backend: 'js', system, ...options }),
    until: (promise) => world.until(promise, () => true),
    cutPower() {
      disk.cutPower()
      world.reset()
    },
  }
}

test('a journal that was just made is there after a power cut, and what it synced', async (t) => {
  for (const seed of SEEDS) {
    const { open, until, cutPower } = machine(seed)
    const journal = await open()
    await until(journal.synced(journal.append(message(1))!))
    cutPower()
    const again = await open()
    t.deepEqual(
      [...again.read()].map((record) => numberOf(record.message)),
      [1],
      `seed ${seed}`,
    )
  }
})

test('a segment whose first sync failed may lose its header in a power cut, and what was synced later is there', async (t) => {
  for (const seed of SEEDS) {
    const { disk, open, until, cutPower } = machine(seed)
    const journal = await open()
    const [safe, ...lost] = [1, 2, 3, 4]
    await until(journal.synced(journal.append(message(safe!))!))
    for (const number of lost) {
      disk.failingSyncs = 1
      const sync = until(journal.synced(journal.append(message(number))!))
      t.is(await codeOfRejection(sync), 'TICKBUS_JOURNAL_SYNC')
    }
    await until(journal.synced(journal.append(message(5))!))
    cutPower()
    const numbers = [...(await open()).read()].map((record) => numberOf(record.message))
    t.deepEqual([numbers[0], numbers.at(-1)], [1, 5], `seed ${seed}`)
    t.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
      `seed ${seed}`,
    )
  }
})

test('what a failed sync left of a dead process is on disk once it was recovered', async (t) => {
  for (const seed of SEEDS) {
    const { world, disk, open, until, cutPower } = machine(seed)
    const journal = await open()
    disk.failingSyncs = 1
    t.is(await codeOfRejection(until(journal.synced(journal.append(message(1))!))), 'TICKBUS_JOURNAL_SYNC')
    disk.kill()
    world.reset()
    const second = await open()
    const recovered = [...second.read()].map((record) => numberOf(record.message))
    t.deepEqual(recovered, [1], `seed ${seed}`)
    await until(second.synced(second.append(message(2))!))
    cutPower()
    t.deepEqual(
      [...(await open()).read()].map((record) => numberOf(record.message)),
      [1, 2],
      `seed ${seed}`,
    )
  }
})

test('what a failed sync left in a segment that has ended is on disk once it was recovered', async (t) => {
  for (const seed of SEEDS) {
    const { disk, open, until, cutPower } = machine(seed)
    const journal = await open()
    await until(journal.synced(journal.append(message(1))!))
    disk.failingSyncs = 1
    t.is(await codeOfRejection(until(journal.synced(journal.append(message(2))!))), 'TICKBUS_JOURNAL_SYNC')
    await until(journal.synced(journal.append(message(3))!))
    await until(journal.close())
    await until((await open()).close())
    cutPower()
    t.deepEqual(
      [...(await open()).read()].map((record) => numberOf(record.message)),
      [1, 2, 3],
      `seed ${seed}`,
    )
  }
})

test('a consumer is known after a power cut, though the sync has failed that was to note it', async (t) => {
  for (const seed of SEEDS) {
    const { disk, open, until, cutPower } = machine(seed)
    const journal = await open()
    await until(journal.synced(journal.append(message(1))!))
    journal.addConsumer('exec')
    disk.failingSyncs = 1
    t.is(await codeOfRejection(until(journal.synced(journal.append(message(2))!))), 'TICKBUS_JOURNAL_SYNC')
    const safe = journal.append(message(3))!
    await until(journal.synced(safe))
    cutPower()
    const again = await open()
    t.deepEqual(again.consumers, ['exec'], `seed ${seed}`)
    t.is([...again.pending('exec')].at(-1)!.sequence, safe, `seed ${seed}`)
  }
})

test('a process that has died is known by its lock, though it has written nothing', async (t) => {
  const { disk, world, open, until } = machine()
  const journal = await open()
  journal.addConsumer('exec')
  const sequence = journal.append(message(1))!
  await until(journal.close())
  const second = await open()
  t.false(second.isSuspect('exec', sequence))
  disk.kill()
  world.reset()
  t.true((await open()).isSuspect('exec', sequence))
})

test('which groups there are is known after a power cut', (t) => {
  for (const seed of SEEDS) {
    const { disk, cutPower } = machine(seed)
    disk.mkdirSync('/wal')
    disk.fsyncSync(disk.openSync('/', 'r'))
    new KnownGroups('/wal', disk).set('exec', ['orders.*'])
    cutPower()
    t.deepEqual(new KnownGroups('/wal', disk).patternsOf('exec'), ['orders.*'], `seed ${seed}`)
  }
})

test('a sync that found the disk full is made up for when there is room', async (t) => {
  const { world, disk, open } = machine()
  const journal = await open({ sync: 'os' })
  await world.until(journal.synced(journal.append(message(1))!), () => true)
  disk.isFull = true
  let isSynced = false
  void journal.written(journal.append(message(2))!)
  await world.run(100)
  // Handed over later, so that there is room before it is written.
  void journal.synced(journal.append(message(3))!).then(() => (isSynced = true))
  await world.run(100)
  t.false(isSynced)
  disk.isFull = false
  await world.run(100)
  t.true(isSynced)
})

test('a disk that is full before anything was ever synced is full, and has not failed', async (t) => {
  const { world, disk, open, until } = machine()
  const journal = await open({ sync: 'os' })
  await until(journal.written(journal.append(message(1))!))
  disk.isFull = true
  await until(journal.synced(1))
  t.is(journal.state, 'running')
  disk.isFull = false
  await world.run(100)
  t.is(journal.state, 'running')
})

interface Order {
  readonly n: number
}

const schema = topics({
  'orders.{id}': json<Order>({ delivery: 'at-least-once', key: () => 'k' }),
  'safe.{id}': json<Order>({ delivery: 'at-least-once', dispatchAfter: 'synced', key: () => 'k' }),
  'other.{id}': json(),
})

async function openClient(
  { world, system, until }: Machine,
  options: ClientOptions = {},
): Promise<BufferedMessageBusClient> {
  const bus = new MessageBus({ backend: 'js', schema }) as unknown as MessageBus
  const client = await until(BufferedMessageBusClient.open(bus, { clock: world, system, journal: '/wal', ...options }))
  client.on('handlerError', () => {})
  return client
}

test('handlers go on when the disk has failed, and what they say counts as long as the process lives', async (t) => {
  const here = machine()
  const client = await openClient(here)
  const { promise: gate, resolve: open } = deferred()
  const seen: number[] = []
  const handler = async ({ n }: Order): Promise<void> => {
    seen.push(n)
    await gate
  }
  await client.subscribe('orders.*', handler, { group: 'g', order: 'none' })
  for (const n of [1, 2, 3]) client.tryPublish('orders.A', { n } as never)
  await here.world.run(10)
  here.disk.failingWrites = 1
  client.tryPublish('orders.A', { n: 4 } as never)
  await here.world.run(10)
  t.is(client.journal!.state, 'failed')
  open()
  await here.world.run(10)
  t.deepEqual(seen, [1, 2, 3])
  const { delivered, inFlight, queued } = client.stats().groups['g']!
  t.deepEqual({ delivered, inFlight, queued }, { delivered: 3, inFlight: 0, queued: 0 })
})

test('what is handled after the disk has failed does not come again when a group reads on', async (t) => {
  const here = machine()
  const first = await openClient(here)
  await first.subscribe('orders.*', () => new Promise(() => {}), { group: 'g' })
  for (const n of [1, 2, 3, 4]) first.tryPublish('orders.A', { n } as never)
  await here.world.run(100)
  const closed = first.close({ timeoutMs: 0 })
  await here.until(closed)

  const lanes = { high: { capacity: 1 } }
  const client = await openClient(here, { lanes })
  const { promise: gate, resolve: open } = deferred()
  const seen: number[] = []
  const handler = async ({ n }: Order): Promise<void> => {
    seen.push(n)
    await gate
  }
  // Of its key one is under way, one waits, and the others lie in the journal.
  await client.subscribe('orders.*', handler, { group: 'g', concurrency: 4 })
  await here.world.run(10)
  client.tryPublish('orders.A', { n: 5 } as never, { key: 'x', priority: 3 })
  client.tryPublish('orders.A', { n: 6 } as never, { priority: 3 })
  await here.world.run(10)
  t.like(await client.drain({ timeoutMs: 0 }), { queued: 1, inFlight: 2, journalled: 3 })
  here.disk.failingWrites = 1
  client.tryPublish('orders.A', { n: 7 } as never, { key: 'x', priority: 3 })
  await here.world.run(10)
  t.is(client.journal!.state, 'failed')
  open()
  await here.world.run(100)
  t.deepEqual(seen, [1, 5, 2, 3, 4, 6])
})

test('a drain does not wait for what was redriven and cannot be synced any more', async (t) => {
  const here = machine()
  const journal = { dir: '/wal', sync: 'interval', syncIntervalMs: 60_000 } as const
  const client = await openClient(here, { journal })
  const fail = (): never => {
    throw new Error('not now')
  }
  await client.subscribe('safe.*', fail, { group: 'g', maxDeliver: 1 })
  client.tryPublish('safe.A', { n: 1 } as never)
  while (client.deadLetters.size === 0) await here.world.run(1_000)
  t.like(await here.until(client.deadLetters.redrive(client.deadLetters.list()[0]!.number)), { redriven: 1 })
  await here.until(client.journal!.written(client.journal!.stats().appended))
  here.disk.failingWrites = 1
  client.tryPublish('orders.A', { n: 2 } as never)
  const drained = await here.until(client.drain())
  t.like(drained, { complete: false, queued: 0, inFlight: 0, journalled: 1 })
})

test('what a failed sync holds back waits for the next open, and with it what was behind it in its key', async (t) => {
  const here = machine()
  const client = await openClient(here)
  const seen: number[] = []
  const note = ({ n }: Order): void => void seen.push(n)
  for (const pattern of ['orders.*', 'safe.*']) await client.subscribe(pattern, note, { group: 'g' })
  here.disk.failingSyncs = 1
  client.tryPublish('safe.A', { n: 1 } as never)
  client.tryPublish('orders.A', { n: 2 } as never)
  await here.world.run(500)
  client.tryPublish('orders.A', { n: 3 } as never)
  await here.world.run(500)
  t.deepEqual(seen, [3])
  // What the group has not acknowledged is looked through once more.
  await client.subscribe('*', note, { group: 'g' })
  await here.world.run(500)
  t.deepEqual(seen, [3])
  await here.until(client.close())

  const again = await openClient(here)
  await again.subscribe('*', note, { group: 'g' })
  await here.world.run(500)
  t.deepEqual(seen, [3, 1, 2])
})

test('a subscription that cannot be noted is none, and can be tried again', async (t) => {
  const here = machine()
  const client = await openClient(here)
  const seen: number[] = []
  const handler = ({ n }: Order): void => void seen.push(n)
  here.disk.isFull = true
  t.is(await codeOfRejection(client.subscribe('orders.*', handler, { group: 'g' })), 'TICKBUS_JOURNAL_GROUPS')
  here.disk.isFull = false
  await here.until(client.publish('orders.A', { n: 1 } as never, { ack: 'written' }))
  await here.world.run(10)
  t.deepEqual(seen, [])
  await client.subscribe('orders.*', handler, { group: 'g' })
  await here.until(client.publish('orders.A', { n: 2 } as never, { ack: 'synced' }))
  await here.world.run(10)
  t.deepEqual(seen, [2])
})

test('a message whose dead letter finds no room does not come again while the client lives', async (t) => {
  const here = machine()
  const client = await openClient(here)
  const seen: number[] = []
  const fail = ({ n }: Order): never => {
    seen.push(n)
    throw new Error('it fails')
  }
  await client.subscribe('orders.*', fail, { group: 'g', maxDeliver: 1 })
  await here.until(client.publish('orders.A', { n: 1 } as never, { ack: 'written' }))
  here.disk.isFull = true
  await here.world.run(100)
  t.is(client.deadLetters.size, 1)
  here.disk.isFull = false
  await client.subscribe('other.*', fail, { group: 'g', maxDeliver: 1 })
  await here.world.run(100)
  t.deepEqual(seen, [1])
  t.is(client.deadLetters.size, 1)
  // One that dies now finds the room.
  await here.until(client.publish('orders.A', { n: 2 } as never, { ack: 'written' }))
  await here.world.run(100)
  here.cutPower()
  const again = await openClient(here)
  t.deepEqual(
    again.deadLetters.list().map((letter) => (letter.message as Order).n),
    [2],
  )
})

test('a message that died is a dead letter after a power cut, or comes again', async (t) => {
  const journal = { dir: '/wal', sync: 'always' } as const
  for (const seed of SEEDS) {
    const here = machine(seed)
    const client = await openClient(here, { journal })
    const fail = (): never => {
      throw new Error('it fails')
    }
    await client.subscribe('orders.*', fail, { group: 'g', maxDeliver: 1 })
    await here.until(client.publish('orders.A', { n: 1 } as never, { ack: 'synced' }))
    while (client.deadLetters.size === 0) await here.world.run(1)
    await here.world.run(seed)
    here.cutPower()
    const again = await openClient(here, { journal })
    const seen: number[] = []
    await again.subscribe('orders.*', ({ n }: Order) => void seen.push(n), { group: 'g' })
    await here.world.run(100)
    t.true(seen.length + again.deadLetters.size > 0, `seed ${seed}`)
  }
})
