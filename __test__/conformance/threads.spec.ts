import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type LostRecords, MessageBus, msgpack, Quote, quote, type SlowReader, topics, Trade, trade } from 'tickbus'
import {
  MEMBER_STATE_FREE,
  MEMBER_STATE_JOINING,
  MEMBER_WORD_STATE,
  MEMBER_WORDS,
  ROSTER_HEADER_WORDS,
} from '../../dist/layout.js'
import { collected, fixture, nextMessage } from './asking.js'
import { codeOf, codeOfRejection, forEachBackend } from './backends.js'
import { until } from '../until.js'

const schema = topics({ 'data.quotes.{venue}.{symbol}': quote(), 'data.trades.{venue}.{symbol}': trade() })

forEachBackend('threads', (test, { openBus }) => {
  test('records and free-form messages reach a worker in the order of the publish calls', async (t) => {
    const bus = openBus(t, { schema })
    const [thread] = (await bus.spawn(fixture('collector.mjs'))).threadIds
    const at = bus.epoch.unixNs
    bus.publish('data.quotes.X.A', new Quote(1.5, 2.5, 3, 4, 5, 6, bus.epoch, 7))
    bus.publish('data.free', {
      nested: { list: [1, 'two', null], big: 2n ** 60n },
      when: new Date(0),
      set: new Set([1]),
    })
    bus.publish('data.trades.X.A', new Trade(1, 2, 'SELLER', '12345', 8, 9, bus.epoch))
    bus.publish('data.quotes.X.BRK.B', { bidPrice: 1, askPrice: 2, bidSize: 3, askSize: 4, tsEvent: at + 10n })
    bus.publish('data.trades.X.A', {
      price: 1,
      size: 2,
      aggressorSide: 'BUYER',
      tradeId: 'b-é1',
      tsEvent: at,
      tsInit: at + 1n,
    })
    const { seen } = await collected(bus, thread!, 5)
    t.deepEqual(
      seen.map(({ topic }) => topic),
      ['data.quotes.X.A', 'data.free', 'data.trades.X.A', 'data.quotes.X.BRK.B', 'data.trades.X.A'],
    )
    t.like(seen[0]!.message, { bidPrice: 1.5, askPrice: 2.5, bidSize: 3, askSize: 4, sequence: 7 })
    t.deepEqual(seen[0]!.times, { tsEvent: at + 5n, tsInit: at + 6n })
    t.deepEqual(seen[1]!.message, {
      nested: { list: [1, 'two', null], big: 2n ** 60n },
      when: new Date(0),
      set: new Set([1]),
    })
    t.like(seen[2]!.message, { price: 1, size: 2, aggressorSide: 'SELLER', tradeId: '12345' })
    t.like(seen[3]!.message, { bidPrice: 1, sequence: 0 })
    t.deepEqual(seen[3]!.times, { tsEvent: at + 10n, tsInit: at + 10n })
    t.like(seen[4]!.message, { aggressorSide: 'BUYER', tradeId: 'b-é1' })
    t.deepEqual(seen[4]!.times, { tsEvent: at, tsInit: at + 1n })
  })

  test('a copy crosses only to threads with a matching subscriber', async (t) => {
    const bus = openBus(t)
    await bus.spawn(fixture('collector.mjs'), { workerData: { pattern: 'data.a*' } })
    await bus.spawn(fixture('collector.mjs'), { workerData: { pattern: 'data.?b' } })
    bus.publish('data.ab', 1)
    bus.publish('data.a', 2)
    bus.publish('data.bb', 3)
    bus.publish('other', 4)
    t.deepEqual(
      bus.stats().threads.map(({ sent }) => sent),
      [2, 2],
    )
  })

  test('subscribing and unsubscribing in a worker takes effect here', async (t) => {
    const bus = openBus(t)
    await bus.spawn(fixture('switch.mjs'))
    const sent = () => bus.stats().threads[0]!.sent
    bus.publish('data.x', 1)
    t.is(sent(), 0)
    const on = nextMessage(bus, 'switched')
    await bus.synced()
    bus.publish('switch', 'on')
    await on
    const before = sent()
    bus.publish('data.x', 2)
    t.is(sent(), before + 1)
    const off = nextMessage(bus, 'switched')
    await bus.synced()
    bus.publish('switch', 'off')
    await off
    const after = sent()
    bus.publish('data.x', 3)
    t.is(sent(), after)
  })

  test('what cannot be sent throws before anybody got it', async (t) => {
    const bus = openBus(t, { schema, slabBytes: 4096 })
    await bus.spawn(fixture('collector.mjs'))
    let local = 0
    bus.subscribe('data.*', () => (local += 1))
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    const good = { bidPrice: 1, askPrice: 2, bidSize: 3, askSize: 4, tsEvent: bus.epoch.unixNs }
    const publish = (topic: string, message: unknown) => codeOf(() => bus.publish(topic, message))
    t.is(publish('data.free', { run: () => {} }), 'TICKBUS_ENCODE')
    t.is(publish('data.free', Symbol('s')), 'TICKBUS_ENCODE')
    t.is(publish('data.free', cycle), 'TICKBUS_ENCODE')
    t.is(publish('data.free', 'x'.repeat(1025)), 'TICKBUS_PAYLOAD_SIZE')
    t.is(publish('data.quotes.X.A', null), 'TICKBUS_RECORD_FIELD')
    t.is(publish('data.quotes.X.A', { ...good, bidPrice: '1' }), 'TICKBUS_RECORD_FIELD')
    t.is(publish('data.quotes.X.A', { ...good, tsEvent: 5 }), 'TICKBUS_RECORD_FIELD')
    t.is(publish('data.quotes.X.A', { ...good, tsEvent: 0n }), 'TICKBUS_RECORD_TIME')
    const deal = { price: 1, size: 2, aggressorSide: 'BUYER', tradeId: '1', tsEvent: bus.epoch.unixNs }
    t.is(publish('data.trades.X.A', { ...deal, tradeId: 'x'.repeat(25) }), 'TICKBUS_RECORD_FIELD')
    t.is(publish('data.trades.X.A', { ...deal, tradeId: '\u0100' }), 'TICKBUS_RECORD_FIELD')
    t.is(publish('data.trades.X.A', { ...deal, aggressorSide: 'ME' }), 'TICKBUS_RECORD_FIELD')
    t.is(local, 0)
    t.like(bus.stats(), { published: 0, threads: [{ sent: 0 }] })
    bus.publish('data.quotes.X.A', good)
    t.like(bus.stats(), { published: 1, threads: [{ sent: 1 }] })
  })

  test('what crosses is encoded before the first local handler runs', async (t) => {
    const bus = openBus(t)
    const [thread] = (await bus.spawn(fixture('collector.mjs'))).threadIds
    bus.subscribe('data.outer', (message: { n: number }) => {
      message.n = 99
      bus.publish('data.inner', 0)
    })
    bus.publish('data.outer', { n: 1 })
    const { seen } = await collected(bus, thread!, 2)
    t.deepEqual(
      seen.map(({ topic, message }) => [topic, message]),
      [
        ['data.outer', { n: 1 }],
        ['data.inner', 0],
      ] as unknown[],
    )
  })

  test('threads hear each other, and one that joins later knows the topics and structures of before', async (t) => {
    const bus = openBus(t)
    const first = await bus.spawn(fixture('collector.mjs'))
    bus.publish('data.early', { a: 1, b: { c: 2 } })
    const second = await bus.spawn(fixture('collector.mjs'))
    bus.publish('data.early', { a: 3, b: { c: 4 } })
    const { seen } = await collected(bus, first.threadIds[0]!, 2)
    t.deepEqual(
      seen.map(({ message }) => message),
      [
        { a: 1, b: { c: 2 } },
        { a: 3, b: { c: 4 } },
      ] as never,
    )
    const late = await collected(bus, second.threadIds[0]!, 1)
    t.deepEqual(late.seen, [{ topic: 'data.early', message: { a: 3, b: { c: 4 } }, times: undefined }])
  })

  test('many object shapes cross intact, more than the structure table holds', async (t) => {
    const bus = openBus(t)
    const [thread] = (await bus.spawn(fixture('collector.mjs'))).threadIds
    const messages = Array.from({ length: 80 }, (_, i) => ({
      [`key${i}`]: i,
      [`other${i % 7}`]: [{ [`deep${i}`]: 'x' }],
    }))
    for (const message of messages) bus.publish('data.shapes', message)
    const { seen } = await collected(bus, thread!, 80)
    t.deepEqual(
      seen.map(({ message }) => message),
      messages,
    )
  })

  test('a blocked reader loses its oldest records, exactly counted, and hears of it', async (t) => {
    const bus = openBus(t, { ringRecords: 64, slabBytes: 4096 })
    const gate = new SharedArrayBuffer(8)
    await bus.spawn(fixture('blocker.mjs'), { workerData: { gate } })
    await block(bus, gate)
    for (let n = 0; n < 1000; n += 1) bus.publish('data.n', n)
    bus.flush()
    Atomics.store(new Int32Array(gate), 0, 1)
    Atomics.notify(new Int32Array(gate), 0)
    await bus.ready()
    const answer = nextMessage<{ numbers: number[]; threads: { missed: number }[] }>(bus, 'answer')
    await bus.synced()
    bus.publish('ask', true)
    const { numbers, threads } = await answer
    t.true(numbers.length > 0 && numbers.length < 64)
    t.is(numbers.at(-1), 999)
    t.deepEqual(
      numbers,
      Array.from({ length: numbers.length }, (_, i) => 1000 - numbers.length + i),
    )
    t.is(threads[0]!.missed, 1000 - numbers.length)
    // The writer knows once the reader's handlers have come to an end.
    while (bus.stats().threads[0]!.lost === 0) await new Promise(setImmediate)
    t.is(bus.stats().threads[0]!.lost, 1000 - numbers.length)
  })

  test('a reader that is waited for loses nothing: the slack takes it up, then drops are counted', async (t) => {
    const waits = topics({ 'data.{name}': msgpack({ slowReader: 'wait' }) })
    const bus = openBus(t, { schema: waits, ringRecords: 64, slabBytes: 16_384, slackRecords: 500 })
    const gate = new SharedArrayBuffer(8)
    const spawned = await bus.spawn(fixture('blocker.mjs'), { workerData: { gate } })
    const slow = new Promise<SlowReader>((resolve) => bus.on('slowReader', resolve))
    await block(bus, gate)
    for (let n = 0; n < 1000; n += 1) bus.publish('data.n', n)
    t.deepEqual((await slow).threads, spawned.threadIds)
    t.is(await codeOfRejection(bus.ready({ timeoutMs: 1 })), 'TICKBUS_READY_TIMEOUT')
    Atomics.store(new Int32Array(gate), 0, 1)
    Atomics.notify(new Int32Array(gate), 0)
    await bus.ready()
    const answer = nextMessage<{ numbers: number[]; threads: { missed: number }[] }>(bus, 'answer')
    await bus.synced()
    bus.publish('ask', true)
    const { numbers, threads } = await answer
    t.is(threads[0]!.missed, 0)
    t.deepEqual(
      numbers,
      Array.from({ length: numbers.length }, (_, i) => i),
    )
    const { dropped, lost } = bus.stats().threads[0]!
    t.is(numbers.length + dropped, 1000)
    t.true(dropped > 0 && numbers.length >= 500)
    t.is(lost, 0)
  })

  test('payloads that lap the slab are lost and counted, never garbled', async (t) => {
    const bus = openBus(t, { ringRecords: 1024, slabBytes: 4096 })
    const gate = new SharedArrayBuffer(8)
    await bus.spawn(fixture('blocker.mjs'), { workerData: { gate } })
    await block(bus, gate)
    for (let n = 0; n < 300; n += 1) bus.publish('data.n', `${n}`.padStart(200, '.'))
    Atomics.store(new Int32Array(gate), 0, 1)
    Atomics.notify(new Int32Array(gate), 0)
    await bus.ready()
    const answer = nextMessage<{ numbers: number[]; threads: { missed: number; undecodable: number }[] }>(bus, 'answer')
    await bus.synced()
    bus.publish('ask', true)
    const { numbers, threads } = await answer
    t.true(numbers.length > 0 && numbers.length < 20)
    t.deepEqual(
      numbers,
      Array.from({ length: numbers.length }, (_, i) => 300 - numbers.length + i),
    )
    t.is(threads[0]!.missed, 300 - numbers.length)
    t.is(threads[0]!.undecodable, 0)
  })

  test('this thread hears of its own losses', async (t) => {
    const bus = openBus(t, { ringRecords: 64 })
    let seen = 0
    bus.subscribe('burst', () => (seen += 1))
    const lost: LostRecords[] = []
    const countLost = () => lost.reduce((sum, { count }) => sum + count, 0)
    bus.on('lost', (loss) => lost.push(loss))
    const gate = new SharedArrayBuffer(4)
    const spawned = await bus.spawn(fixture('burster.mjs'), { workerData: { count: 500, gate } })
    const done = nextMessage(bus, 'burst.done')
    await bus.synced()
    bus.publish('burst.start', true)
    bus.flush()
    // Reads nothing until the whole burst has been published.
    Atomics.wait(new Int32Array(gate), 0, 0)
    await done
    while (seen + countLost() < 500) await new Promise(setImmediate)
    t.is(seen + countLost(), 500)
    t.true(countLost() > 0)
    t.true(lost.every(({ thread }) => thread === spawned.threadIds[0]))
  })

  test('a worker of your own attaches with a ticket from anywhere in its workerData', async (t) => {
    const bus = openBus(t)
    const ready = nextMessage(bus, 'ready')
    const worker = new Worker(fixture('own-worker.mjs'), { workerData: { deep: { ticket: bus.ticket() } } })
    await ready
    const pong = nextMessage(bus, 'pong')
    await bus.synced()
    bus.publish('ping', 41)
    t.is(await pong, 42)
    await bus.close()
    const [code] = await once(worker, 'exit')
    t.is(code, 0)
  })

  test('one thread attaches to a bus once, however often it asks', async (t) => {
    const bus = openBus(t)
    t.is(await MessageBus.attach(bus.ticket()), bus)
  })

  test('a thread that is terminated takes its subscriptions with it', async (t) => {
    const bus = openBus(t)
    const spawned = await bus.spawn(fixture('collector.mjs'), { threads: 2 })
    bus.publish('data.x', 1)
    t.is(bus.stats().threads.length, 2)
    const exits: number[] = []
    spawned.on('exit', ({ thread }) => exits.push(thread))
    await spawned.terminate()
    t.is(spawned.threads, 0)
    t.is(exits.length, 2)
    await t.notThrowsAsync(bus.synced())
    while (bus.stats().threads.length > 0) await new Promise(setImmediate)
    t.notThrows(() => bus.publish('data.x', 2))
    const again = await bus.spawn(fixture('collector.mjs'))
    bus.publish('data.x', 3)
    const { seen } = await collected(bus, again.threadIds[0]!, 1)
    t.deepEqual(
      seen.map(({ message }) => message),
      [3] as never,
    )
  })

  test('a thread that ends in the middle of taking leave is forgotten as well', async (t) => {
    const bus = openBus(t)
    const spawned = await bus.spawn(fixture('torn-leave.mjs'), { threads: 2 })
    t.is(bus.stats().threads.length, 2)
    bus.publish('leave', 1)
    await until(() => spawned.threads === 0)
    await until(() => bus.stats().threads.length === 0)
    await t.notThrowsAsync(bus.spawn(fixture('collector.mjs')))
  })

  test('a worker that throws does not take the bus along', async (t) => {
    const bus = openBus(t)
    const doomed = await bus.spawn(fixture('throws-later.mjs'))
    const other = await bus.spawn(fixture('collector.mjs'))
    const error = new Promise<unknown>((resolve) => doomed.on('error', resolve))
    bus.publish('explode', true)
    t.is(((await error) as Error).message, 'outside any handler')
    bus.publish('data.x', 1)
    t.is((await collected(bus, other.threadIds[0]!, 1)).seen.length, 1)
  })

  test('closing the bus where it was opened closes it everywhere, and its threads end', async (t) => {
    const bus = openBus(t)
    const spawned = await bus.spawn(fixture('collector.mjs'), { threads: 3 })
    const codes: number[] = []
    spawned.on('exit', ({ code }) => codes.push(code))
    await bus.close()
    t.deepEqual(codes, [0, 0, 0])
  })

  test('a module that fails to start is reported, and leaves nothing behind', async (t) => {
    const bus = openBus(t)
    const reasons: Record<string, RegExp> = {
      'missing.mjs': /Cannot find module/,
      'throws-on-load.mjs': /not today/,
      'never-attaches.mjs': /never called MessageBus.attach/,
      'exits.mjs': /ended with code 3/,
    }
    for (const [name, reason] of Object.entries(reasons)) {
      const error = await t.throwsAsync(bus.spawn(fixture(name)))
      t.is((error as unknown as { code: string }).code, 'TICKBUS_SPAWN', name)
      t.regex(error.message, reason)
    }
    t.is(bus.stats().threads.length, 0)
    for (const threads of [0, 64, 1.5, NaN]) {
      t.is(await codeOfRejection(bus.spawn(fixture('collector.mjs'), { threads })), 'TICKBUS_THREADS')
    }
    t.is(await codeOfRejection(bus.spawn('' as never)), 'TICKBUS_ARGUMENT')
  })

  test('a bus that is full takes nobody in, until somebody leaves', async (t) => {
    const bus = openBus(t)
    const roster = new Int32Array(bus.ticket().roster)
    const states = Array.from(
      { length: 63 },
      (_, i) => ROSTER_HEADER_WORDS + (i + 1) * MEMBER_WORDS + MEMBER_WORD_STATE,
    )
    for (const word of states) roster[word] = MEMBER_STATE_JOINING
    const error = await t.throwsAsync(bus.spawn(fixture('collector.mjs')))
    t.regex(error.message, /at most 64 threads/)
    for (const word of states) roster[word] = MEMBER_STATE_FREE
    await t.notThrowsAsync(bus.spawn(fixture('collector.mjs')))
  })

  test('what is no ticket of this process and version is refused', async (t) => {
    const bus = openBus(t)
    const ticket = bus.ticket()
    const attach = (value: unknown) => codeOfRejection(MessageBus.attach(value))
    const bad: unknown[] = [
      {},
      5,
      'ticket',
      { ...ticket, tickbus: 2 },
      { ...ticket, layout: 1 },
      { ...ticket, pid: process.pid + 1 },
      { ...ticket, roster: undefined },
      { ...ticket, roster: new SharedArrayBuffer(64) },
      { ...ticket, roster: new SharedArrayBuffer(ticket.roster.byteLength) },
      JSON.parse(JSON.stringify(ticket, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))),
    ]
    for (const value of bad) t.is(await attach(value), 'TICKBUS_TICKET')
    t.is(await attach(undefined), 'TICKBUS_TICKET')
    await bus.close()
    t.is(await attach(ticket), 'TICKBUS_CLOSED')
  })

  test('a worker attaches with its own schema if it says the same, and is refused otherwise', async (t) => {
    const bus = openBus(t, { schema })
    await bus.spawn(fixture('own-schema.mjs'), { workerData: { same: true } })
    t.is(await codeOfRejection(bus.spawn(fixture('own-schema.mjs'), { workerData: { same: false } })), 'TICKBUS_SPAWN')
    t.is(bus.stats().threads.length, 1)
  })

  test('sizes and polling out of range are refused', (t) => {
    const open = (options: object) => codeOf(() => openBus(t, options))
    for (const ringRecords of [63, 2 ** 20 + 1, 64.5, NaN, '64']) t.is(open({ ringRecords }), 'TICKBUS_RING_SIZE')
    for (const slabBytes of [4095, 2 ** 30 + 1, -1]) t.is(open({ slabBytes }), 'TICKBUS_RING_SIZE')
    for (const slackRecords of [-1, 0.5, NaN]) t.is(open({ slackRecords }), 'TICKBUS_ARGUMENT')
    for (const polling of ['on', 5, { us: -1 }, { us: 1e7 }, {}]) t.is(open({ polling }), 'TICKBUS_POLLING')
    t.is(open({ epoch: 5 }), 'TICKBUS_ARGUMENT')
    t.is(open({ schema: {} }), 'TICKBUS_ARGUMENT')
    t.is(open({ ringRecords: 65, slabBytes: 5000, slackRecords: 0, polling: { us: 0 } }), 'nothing was thrown')
  })

  for (const polling of ['auto', 'off', { us: 50 }] as const) {
    test(`ten thousand messages arrive once each and in order, polling ${JSON.stringify(polling)}`, async (t) => {
      const bus = openBus(t, { polling, ringRecords: 512 })
      const [thread] = (await bus.spawn(fixture('collector.mjs'))).threadIds
      for (let n = 0; n < 10_000; n += 1) {
        bus.publish('data.n', n)
        // Now one at a time with pauses, now in bursts: both paths to showing a record are taken.
        if (n % 2000 < 100) await new Promise(setImmediate)
        else if (n % 50 === 0) await bus.ready()
      }
      const { seen } = await collected(bus, thread!, 10_000)
      t.deepEqual(
        seen.map(({ message }) => message as unknown as number),
        Array.from({ length: 10_000 }, (_, n) => n),
      )
    })
  }
})

/** Makes the blocker stop reading, and waits until it has. */
async function block(bus: MessageBus, gate: SharedArrayBuffer): Promise<void> {
  bus.publish('block', true)
  bus.flush()
  while (Atomics.load(new Int32Array(gate), 1) === 0) await new Promise(setImmediate)
}
