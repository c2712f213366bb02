import { type MessageBus, msgpack, topics } from 'tickbus'
import { fixture } from './asking.js'
import { until } from '../until.js'
import { codeOf, codeOfRejection, forEachBackend } from './backends.js'

const spawnDesk = (bus: MessageBus, prefix = 'desk') => bus.spawn(fixture('desk.mjs'), { workerData: { prefix } })

forEachBackend('endpoints in other threads', (test, { openBus }) => {
  test('are known once spawn has resolved, and answer requests', async (t) => {
    const bus = openBus(t)
    await spawnDesk(bus)
    const message = { list: [1, 'two'], big: 2n ** 60n, when: new Date(0) }
    t.true(bus.endpoints().includes('desk.echo'))
    t.deepEqual(await bus.request('desk.echo', message), message)
    t.deepEqual(await bus.request('desk.later', undefined), undefined)
    t.like(bus.stats().requests, { made: 2, replied: 2, pending: 0 })
  })

  test('get what is sent and published in the order of the calls', async (t) => {
    const bus = openBus(t)
    await spawnDesk(bus)
    bus.send('desk.note', 1)
    bus.publish('publish.a', 2)
    t.true(bus.trySend('desk.note', 3))
    bus.publish('publish.b', 4)
    t.deepEqual(await bus.request('desk.log', 0), [1, ['publish.a', 2], 3, ['publish.b', 4]])
  })

  test('may be in the thread that opened the bus, or in a third one', async (t) => {
    const bus = openBus(t)
    bus.register('main.double', (n: number) => 2 * n)
    await spawnDesk(bus, 'one')
    await spawnDesk(bus, 'two')
    t.is(await bus.request('one.ask', { name: 'main.double', message: 21 }), 42)
    t.is(await bus.request('one.ask', { name: 'two.echo', message: 'hello' }), 'hello')
    t.true((await bus.request<string[]>('two.names', 0)).includes('main.double'))
  })

  test('reject with what they threw: name, message and code', async (t) => {
    const bus = openBus(t)
    await spawnDesk(bus)
    const error = await t.throwsAsync(bus.request('desk.throw', 0))
    t.like(error, { name: 'RangeError', message: 'too much', code: 'LIMIT' })
    t.regex(error.stack!, /desk\.mjs/)
    t.is(await codeOfRejection(bus.request('desk.refuse', 0)), 'TICKBUS_ENDPOINT_UNKNOWN')
    t.is(await bus.request('desk.throwText', 0).catch((thrown: unknown) => thrown), 'only text')
    t.is(await codeOfRejection(bus.request('desk.unsendable', 0)), 'TICKBUS_ENCODE')
    t.like(bus.stats().requests, { made: 4, failed: 4, pending: 0 })
  })

  test('report what they throw at a message that nobody waits for', async (t) => {
    const bus = openBus(t)
    await spawnDesk(bus)
    bus.send('desk.throw', 0)
    t.deepEqual(await bus.request('desk.log', 0), ['desk.throw failed: too much'])
  })

  test('refuse a message that cannot be encoded before anything happened', async (t) => {
    const bus = openBus(t)
    await spawnDesk(bus)
    t.is(
      codeOf(() => bus.send('desk.note', () => {})),
      'TICKBUS_ENCODE',
    )
    t.is(await codeOfRejection(bus.request('desk.note', Symbol('no'))), 'TICKBUS_ENCODE')
    t.deepEqual(await bus.request('desk.log', 0), [])
    t.is(bus.stats().requests.pending, 0)
  })

  test('leave a request its time and its signal', async (t) => {
    const bus = openBus(t)
    await spawnDesk(bus)
    const abort = new AbortController()
    const waiting = bus.request('desk.never', 0, { signal: abort.signal })
    t.is(await codeOfRejection(bus.request('desk.never', 0, { timeoutMs: 1 })), 'TICKBUS_REQUEST_TIMEOUT')
    abort.abort()
    t.is(await codeOfRejection(waiting), 'TICKBUS_REQUEST_ABORTED')
  })

  test('are gone with their thread, and so are the replies that it owed', async (t) => {
    const bus = openBus(t)
    await spawnDesk(bus)
    const waiting = bus.request('desk.never', 0, { timeoutMs: 60_000 })
    bus.send('desk.exit', 0)
    t.is(await codeOfRejection(waiting), 'TICKBUS_ENDPOINT_LOST')
    t.deepEqual(bus.endpoints(), [])
    t.false(bus.trySend('desk.note', 0))
    t.is(await codeOfRejection(bus.request('desk.echo', 0)), 'TICKBUS_ENDPOINT_UNKNOWN')
  })

  test('have names that are free nowhere else, until they are deregistered', async (t) => {
    const bus = openBus(t)
    await spawnDesk(bus)
    const register = () => bus.register('desk.note', () => {})
    t.is(codeOf(register), 'TICKBUS_ENDPOINT_TAKEN')
    t.true(await bus.request('desk.deregister', 'desk.note'))
    await bus.synced()
    t.false(bus.endpoints().includes('desk.note'))
    t.notThrows(register)
  })

  test('that went while a message was under way leave word of it', async (t) => {
    const bus = openBus(t)
    await spawnDesk(bus)
    bus.send('desk.deregister', 'desk.note')
    bus.send('desk.note', 0)
    t.is(await codeOfRejection(bus.request('desk.note', 0)), 'TICKBUS_ENDPOINT_UNKNOWN')
    t.deepEqual(await bus.request('desk.log', 0), ['desk.note is gone', 'desk.note is gone'])
  })

  test('that are too far behind are not sent more than can be kept', async (t) => {
    const bus = openBus(t, { ringRecords: 64, slackRecords: 10 })
    const word = new SharedArrayBuffer(4)
    await bus.spawn(fixture('desk.mjs'), { workerData: { word } })
    bus.send('desk.block', 0)
    let sent = 0
    const send = () => {
      for (; sent < 1_000; sent += 1) bus.send('desk.note', sent)
    }
    t.is(codeOf(send), 'TICKBUS_ENDPOINT_BUSY')
    Atomics.store(new Int32Array(word), 0, 1)
    Atomics.notify(new Int32Array(word), 0)
    await bus.ready()
    t.deepEqual(
      await bus.request('desk.log', 0),
      Array.from({ length: sent }, (_, i) => i),
    )
  })

  test('an attached bus has the habits of the one that was opened', async (t) => {
    const bus = openBus(t, { freeze: true, traderId: 'TRADER-001' })
    await spawnDesk(bus)
    t.deepEqual(await bus.request('desk.bus', 0), { traderId: 'TRADER-001' })
    t.true(await bus.request('desk.frozen', 0))
  })

  test('a late subscriber in another thread gets the last message, once', async (t) => {
    const bus = openBus(t, { schema: topics({ 'state.{name}': msgpack({ replay: 'last' }) }) })
    await spawnDesk(bus)
    bus.publish('state.a', 'old')
    bus.publish('state.a', 'new')
    bus.publish('state.b', () => 'cannot be sent')
    const faults: unknown[] = []
    bus.on('handlerError', ({ topic }) => faults.push(topic))
    await bus.request('desk.subscribe', 'state.*')
    await bus.synced()
    await bus.request('desk.subscribe', '*.a')
    await bus.synced()
    bus.publish('state.a', 'next')
    t.deepEqual(await bus.request('desk.log', 0), [
      ['state.a', 'new'],
      ['state.a', 'new'],
      ['state.a', 'next'],
      ['state.a', 'next'],
    ])
    t.deepEqual(faults, ['state.b'])
  })

  test('topics that are forgotten and come back reach other threads', async (t) => {
    const bus = openBus(t, { topicCache: 3 })
    await spawnDesk(bus)
    const sent = Array.from({ length: 200 }, (_, i) => [`publish.${i % 7}`, i])
    for (const [topic, message] of sent) bus.publish(topic as string, message)
    t.deepEqual(await bus.request('desk.log', 0), sent)
  })

  test('answer nobody but who asked, although another thread has its place by now', async (t) => {
    const bus = openBus(t)
    const answers: ((value: string) => void)[] = []
    const asked = () => new Promise<string>((resolve) => answers.push(resolve))
    bus.register('main.slow', asked)
    await spawnDesk(bus, 'first')
    const first = codeOfRejection(bus.request('first.ask', { name: 'main.slow' }))
    await until(() => answers.length === 1)
    bus.send('first.exit', 0)
    t.is(await first, 'TICKBUS_ENDPOINT_LOST')
    await spawnDesk(bus, 'second')
    const second = bus.request('second.ask', { name: 'main.slow' })
    await until(() => answers.length === 2)
    answers[0]!('for the first')
    await bus.request('second.echo', 0)
    answers[1]!('for the second')
    t.is(await second, 'for the second')
  })

  test('that answer too late do not answer the next request of the same id', async (t) => {
    const bus = openBus(t)
    const answers: ((value: string) => void)[] = []
    // Before the desk is there: it may be asked before it has heard of a name that came later.
    bus.register('main.slow', () => new Promise((resolve) => answers.push(resolve)))
    await spawnDesk(bus)
    const ask = (timeoutMs: number) => bus.request('desk.ask', { name: 'main.slow' }, { id: 'mine', timeoutMs })
    t.is(await codeOfRejection(ask(1)), 'TICKBUS_REQUEST_TIMEOUT')
    const next = ask(60_000)
    await until(() => answers.length === 2)
    answers[0]!('too late')
    await bus.request('desk.echo', 0)
    answers[1]!('in time')
    t.is(await next, 'in time')
  })

  test('a topic that first came from another thread is forgotten whole, too', async (t) => {
    const bus = openBus(t, { topicCache: 1 })
    await spawnDesk(bus)
    const seen: unknown[] = []
    const all = bus.subscribe('shared.*', (message) => seen.push(message))
    await bus.synced()
    await bus.request('desk.publish', { topic: 'shared.a', message: 'theirs' })
    bus.publish('shared.a', 'ours')
    all.unsubscribe()
    bus.publish('another', 0)
    bus.subscribe('shared.a', (message) => seen.push(message))
    bus.publish('shared.a', 'again')
    t.deepEqual(seen, ['theirs', 'ours', 'again'])
  })
})
