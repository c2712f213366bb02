import { BufferedMessageBusClient, bytes, json, Priority, TickbusError, topics } from 'tickbus'
import { codeOf, codeOfRejection, forEachBackend } from './backends.js'
import { openClient } from './clients.js'

forEachBackend('bad input', (test, on) => {
  test('open refuses settings that make no sense, all of them in one error', async (t) => {
    const bus = on.openBus(t)
    const options = {
      lanes: { low: { capacity: 0 }, high: { overflow: 'explode' }, mine: {} },
      policy: 'best',
      colour: 'red',
    }
    const error = await t.throwsAsync(BufferedMessageBusClient.open(bus, options as never), {
      instanceOf: TickbusError,
    })
    t.is(error.code, 'TICKBUS_CONFIG')
    for (const word of ['low', 'capacity', 'high', 'overflow', 'mine', 'priority', 'policy', 'colour']) {
      t.true(error.message.includes(word), word)
    }
    const bad = [
      { lanes: { low: { capacity: -1 } } },
      { lanes: { low: { capacity: 1.5 } } },
      { lanes: { critical: { shed: { targetMs: 1 } } } },
      { journal: { dir: './wal', sync: 'sometimes' } },
    ]
    for (const options of bad) {
      t.is(await codeOfRejection(BufferedMessageBusClient.open(bus, options as never)), 'TICKBUS_CONFIG')
    }
    // Nothing was left half open.
    t.deepEqual(bus.patterns(), [])
    const client = await BufferedMessageBusClient.open(bus)
    await client.close()
  })

  test('open refuses what is no bus, no logger, and more memory than there is', async (t) => {
    const bus = on.openBus(t)
    t.is(await codeOfRejection(BufferedMessageBusClient.open({} as never)), 'TICKBUS_ARGUMENT')
    t.is(await codeOfRejection(BufferedMessageBusClient.open(bus, { logger: {} as never })), 'TICKBUS_ARGUMENT')
    const huge = { lanes: { low: { capacity: 1_000_000 } }, memoryMb: 16 }
    t.is(await codeOfRejection(BufferedMessageBusClient.open(bus, huge)), 'TICKBUS_MEMORY_LIMIT')
  })

  test('subscribe refuses groups that do not fit the memory any more, and leaves nothing behind', async (t) => {
    const { bus, client } = await openClient(t, on, { memoryMb: 12 })
    await client.subscribe('a', () => {}, { group: 'one' })
    await client.subscribe('b', () => {}, { group: 'two' })
    t.is(await codeOfRejection(client.subscribe('c', () => {}, { group: 'three' })), 'TICKBUS_MEMORY_LIMIT')
    t.deepEqual(bus.patterns(), ['a', 'b'])
    t.deepEqual(Object.keys(client.stats().groups), ['one', 'two'])
    await client.subscribe('d', () => {})
  })

  test('subscribe refuses bad patterns, handlers and options', async (t) => {
    const { bus, client } = await openClient(t, on)
    const subscribe = (pattern: unknown, handler: unknown, options?: unknown): Promise<string> =>
      codeOfRejection(client.subscribe(pattern as string, handler as () => void, options as object))
    const handler = (): void => {}
    t.is(await subscribe('', handler), 'TICKBUS_PATTERN')
    t.is(await subscribe(7, handler), 'TICKBUS_PATTERN')
    t.is(await subscribe('a', 'no function'), 'TICKBUS_HANDLER')
    for (const options of [
      null,
      { group: '' },
      { group: ' ' },
      { group: 7 },
      { group: 'x'.repeat(256) },
      { concurrency: 0 },
      { concurrency: 1.5 },
      { concurrency: 65_537 },
      { order: 'some' },
      { onExpired: 'no' },
      { signal: {} },
      { maxDeliver: 0 },
    ]) {
      t.is(await subscribe('a', handler, options), 'TICKBUS_ARGUMENT', JSON.stringify(options))
    }
    t.deepEqual(bus.patterns(), [])
    t.deepEqual(client.stats().groups, {})
  })

  test('all subscriptions of a group say the same', async (t) => {
    const { client } = await openClient(t, on)
    const onExpired = (): void => {}
    await client.subscribe('a', () => {}, { group: 'g', concurrency: 3, onExpired })
    const conflict = 'TICKBUS_GROUP_CONFLICT'
    t.is(await codeOfRejection(client.subscribe('b', () => {}, { group: 'g' })), conflict)
    t.is(
      await codeOfRejection(client.subscribe('b', () => {}, { group: 'g', concurrency: 3, order: 'none' })),
      conflict,
    )
    const other = { group: 'g', concurrency: 3, onExpired: () => {} }
    t.is(await codeOfRejection(client.subscribe('b', () => {}, other)), conflict)
    await client.subscribe('b', () => {}, { group: 'g', concurrency: 3 })
  })

  test('publishing refuses bad topics, lanes, keys and deadlines before anybody got the message', async (t) => {
    const { bus, client, clock } = await openClient(t, on)
    const seen: unknown[] = []
    bus.subscribe('*', (message: unknown) => seen.push(message))
    await client.subscribe('*', (message) => seen.push(message), { group: 'g' })
    const bad: [unknown, unknown, string][] = [
      ['', undefined, 'TICKBUS_TOPIC'],
      ['a.*', undefined, 'TICKBUS_TOPIC'],
      [7, undefined, 'TICKBUS_TOPIC'],
      ['a', { priority: 4 }, 'TICKBUS_LANE'],
      ['a', { priority: -1 }, 'TICKBUS_LANE'],
      ['a', { priority: NaN }, 'TICKBUS_LANE'],
      ['a', { priority: 'high' }, 'TICKBUS_LANE'],
      ['a', { key: 7 }, 'TICKBUS_ARGUMENT'],
      ['a', { deadlineMs: -1 }, 'TICKBUS_ARGUMENT'],
      ['a', { deadlineMs: NaN }, 'TICKBUS_ARGUMENT'],
      ['a', { deadlineMs: '1' }, 'TICKBUS_ARGUMENT'],
    ]
    for (const [topic, options, code] of bad) {
      t.is(
        codeOf(() => client.tryPublish(topic as string, 1, options as object)),
        code,
        String(topic),
      )
      t.is(await codeOfRejection(client.publish(topic as string, 1, options as object)), code, String(topic))
    }
    t.is(await codeOfRejection(client.publish('a', 1, { ack: 'synced' })), 'TICKBUS_NOT_JOURNALLED')
    t.is(await codeOfRejection(client.publish('a', 1, { ack: 'later' as never })), 'TICKBUS_ARGUMENT')
    t.is(await codeOfRejection(client.publish('a', 1, { timeoutMs: -1 })), 'TICKBUS_ARGUMENT')
    t.is(await codeOfRejection(client.ready('nowhere')), 'TICKBUS_LANE')
    t.is(await codeOfRejection(client.drain({ timeoutMs: NaN })), 'TICKBUS_ARGUMENT')
    clock.turn()
    t.deepEqual(seen, [])
    t.is(client.stats().groups['g'].copies, 0)
    t.is(client.tryPublish('a', 1, { priority: Priority.LOW, key: '', deadlineMs: 0 }), 'accepted')
  })

  test('payloads over the limit are refused', async (t) => {
    const schema = topics({ raw: bytes() })
    const { client } = await openClient(t, on, { payloadBytes: 1_000 }, { schema })
    await client.subscribe('*', () => {}, { group: 'g' })
    t.is(client.tryPublish('raw', new Uint8Array(1_000)), 'accepted')
    t.is(
      codeOf(() => client.tryPublish('raw', new Uint8Array(1_001))),
      'TICKBUS_PAYLOAD_SIZE',
    )
    t.is(
      codeOf(() => client.tryPublish('text', 'x'.repeat(1_001))),
      'TICKBUS_PAYLOAD_SIZE',
    )
    t.is(client.stats().groups['g'].copies, 1)
  })

  test('a key function that fails, or gives no text, throws before anybody got the message', async (t) => {
    const schema = topics({
      'o.{id}': json<{ k: string }>({ key: (order) => order.k.toUpperCase() }),
      'p.{id}': json({ key: () => 7 as unknown as string }),
    })
    const { bus, client } = await openClient(t, on, {}, { schema })
    const seen: unknown[] = []
    bus.subscribe('*', (message: unknown) => seen.push(message))
    await client.subscribe('*', () => {}, { group: 'g' })
    t.throws(() => client.tryPublish('o.1', {} as never), { instanceOf: TypeError })
    t.throws(() => bus.publish('o.1', {} as never), { instanceOf: TypeError })
    t.is(
      codeOf(() => client.tryPublish('p.1', {})),
      'TICKBUS_ARGUMENT',
    )
    t.deepEqual(seen, [])
  })
})
