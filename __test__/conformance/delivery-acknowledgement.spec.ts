import { type Delivery, json, type MessageBusOptions, Priority, topics } from 'tickbus'
import { codeOfRejection, forEachBackend } from './backends.js'
import { accounted, deferred, openClient } from './clients.js'
import { jobs } from './jobs.js'

const schema = topics({
  'orders.{id}': json<unknown>({ delivery: 'at-least-once' }),
  'ticks.{id}': json<unknown>(),
  'fills.{id}': json<{ fill: string }>({
    delivery: 'effectively-once',
    idempotencyKey: ({ fill }) => fill,
  }),
})
const busOptions = { schema } as MessageBusOptions
/** No jitter: half of what varies is nothing. */
const options = { random: () => 0.5 }

forEachBackend('acknowledgement', (test, on) => {
  test('a handler that throws or rejects is tried again by the back-off list, and then succeeds', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    client.on('handlerError', () => {})
    const begun: [attempt: number, ms: number][] = []
    const startNs = clock.nowNs()
    const handler = (_: unknown, { attempt }: Delivery): unknown => {
      begun.push([attempt, (clock.nowNs() - startNs) / 1e6])
      if (attempt === 1) throw new Error('first')
      return attempt < 4 ? Promise.reject(new Error('later')) : Promise.resolve()
    }
    await client.subscribe('orders.*', handler, { group: 'g' })
    client.tryPublish('orders.1', 1)
    await clock.run(10_000)
    t.deepEqual(begun, [
      [1, 0],
      [2, 10],
      [3, 110],
      [4, 1_110],
    ])
    t.like(client.stats().groups['g'], { copies: 1, delivered: 1, dead: 0, retried: 3, queued: 0, inFlight: 0 })
  })

  test('the jitter is 20 % up and down', async (t) => {
    for (const [random, ms] of [
      [0, 8],
      [1, 12],
    ] as const) {
      const { client, clock } = await openClient(t, on, { random: () => random }, busOptions)
      client.on('handlerError', () => {})
      const begun: number[] = []
      const startNs = clock.nowNs()
      await client.subscribe(
        'orders.*',
        (_, { attempt }) => {
          begun.push((clock.nowNs() - startNs) / 1e6)
          if (attempt === 1) throw new Error('no')
        },
        { group: 'g' },
      )
      client.tryPublish('orders.1', 1)
      await clock.run(20)
      t.deepEqual(begun, [0, ms])
    }
  })

  test('after maxDeliver attempts a message is a dead letter that says what happened', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    client.on('handlerError', () => {})
    const heard: unknown[] = []
    client.on('deadLetter', (letter) => heard.push(letter))
    const startNs = clock.nowNs()
    const rejects = (): never => {
      throw new RangeError('too much')
    }
    await client.subscribe('orders.*', rejects, { group: 'g', maxDeliver: 3, backoffMs: [5] })
    client.tryPublish('orders.1', { size: 7 }, { key: 'BTC', priority: 2 })
    await clock.run(100)
    const [letter, ...others] = client.deadLetters.list()
    t.deepEqual(others, [])
    t.deepEqual(heard, [letter])
    t.like(letter, {
      topic: 'orders.1',
      group: 'g',
      key: 'BTC',
      priority: 2,
      publishedNs: startNs,
      diedNs: startNs + 10e6,
      reason: 'failed',
      note: 'too much',
      message: { size: 7 },
    })
    t.deepEqual(
      letter.attempts.map(({ attempt, atNs, reason, errorClass, worker }) => [
        attempt,
        atNs,
        reason,
        errorClass,
        worker,
      ]),
      [0, 5, 10].map((ms, nth) => [nth + 1, startNs + ms * 1e6, 'failed', 'RangeError', 0]),
    )
    t.regex(letter.attempts[0].stackHash!, /^[0-9a-f]{16}$/)
    t.is(new Set(letter.attempts.map(({ stackHash }) => stackHash)).size, 1)
    t.like(client.stats().groups['g'], { copies: 1, delivered: 0, dead: 1, retried: 2 })
    t.is(accounted(client.stats().groups['g']), 1)
  })

  test('a key waits with its message, others do not', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    client.on('handlerError', () => {})
    const seen: string[] = []
    await client.subscribe(
      'orders.*',
      (message: string, { attempt }) => {
        seen.push(`${message}/${attempt}`)
        if (message === 'a1' && attempt < 3) throw new Error('no')
      },
      { group: 'g' },
    )
    for (const message of ['a1', 'b1', 'a2', 'b2']) client.tryPublish('orders.1', message, { key: message[0] })
    await clock.settle()
    t.deepEqual(seen, ['a1/1', 'b1/1', 'b2/1'])
    t.like(client.stats().groups['g'], { queued: 2, inFlight: 0, retried: 1 })
    await clock.run(1_000)
    t.deepEqual(seen.slice(3), ['a1/2', 'a1/3', 'a2/1'])
  })

  test('what waits for another attempt keeps its room in its lane', async (t) => {
    const lanes = { normal: { capacity: 2, overflow: 'reject' as const } }
    const { client, clock } = await openClient(t, on, { ...options, lanes }, busOptions)
    await client.subscribe('orders.*', (_, delivery) => delivery.nack({ delayMs: 50 }), { group: 'g' })
    const normal = { priority: Priority.NORMAL }
    for (const n of [1, 2]) client.tryPublish('orders.1', n, normal)
    await clock.settle()
    t.is(client.tryPublish('orders.1', 3, normal), 'backpressured')
    t.is(client.stats().groups['g'].queued, 2)
  })

  test('a message that would block its key for too long dies, and the key goes on', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    client.on('handlerError', () => {})
    const seen: string[] = []
    const handler = (message: string): void => {
      seen.push(message)
      if (message === 'a1') throw new Error('no')
    }
    await client.subscribe('orders.*', handler, { group: 'g', maxBlockMs: 500 })
    client.tryPublish('orders.1', 'a1', { key: 'a' })
    client.tryPublish('orders.1', 'a2', { key: 'a' })
    client.tryPublish('orders.1', 'a1')
    await clock.run(5_000)
    t.deepEqual(seen.slice(0, 2), ['a1', 'a1'], 'one with the key and one without')
    t.true(seen.includes('a2'))
    const reasons = client.deadLetters.list().map(({ key, reason, attempts }) => [key, reason, attempts.length])
    t.deepEqual(reasons, [['a', 'blocked', 3]])
    await clock.run(10_000)
    t.is(client.deadLetters.list().at(-1)?.reason, 'failed', 'without a key nothing is blocked')
  })

  test('at-most-once messages are not tried again, whatever their handler says', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    client.on('handlerError', () => {})
    const words = [
      () => {
        throw new Error('no')
      },
      (delivery: Delivery) => delivery.nack(),
      (delivery: Delivery) => delivery.retryLater(),
      (delivery: Delivery) => delivery.terminate('never'),
    ]
    await client.subscribe('ticks.*', (n: number, delivery) => words[n](delivery), { group: 'g' })
    for (const n of words.keys()) client.tryPublish('ticks.1', n)
    await clock.run(60_000)
    t.like(client.stats().groups['g'], { copies: 4, delivered: 0, dead: 0, retried: 0, dropped: { failed: 4 } })
    t.is(client.deadLetters.size, 0)
  })

  test('nack says when, retryLater is no attempt, terminate is the end', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    const seen: string[] = []
    const startNs = clock.nowNs()
    const handler = (message: string, delivery: Delivery): void => {
      seen.push(`${message}/${delivery.attempt} ${(clock.nowNs() - startNs) / 1e6}`)
      if (message === 'nack' && delivery.attempt === 1) delivery.nack({ delayMs: 70 })
      if (message === 'later' && clock.nowNs() < startNs + 80e6) delivery.retryLater({ delayMs: 40 })
      if (message === 'end') delivery.terminate('unknown instrument')
    }
    await client.subscribe('orders.*', handler, { group: 'g', maxDeliver: 2 })
    for (const message of ['nack', 'later', 'end']) client.tryPublish('orders.1', message)
    await clock.run(1_000)
    t.deepEqual(seen, ['nack/1 0', 'later/1 0', 'end/1 0', 'later/1 40', 'nack/2 70', 'later/1 80'])
    t.like(client.stats().groups['g'], { delivered: 2, dead: 1, retried: 1 })
    t.like(client.deadLetters.list()[0], { reason: 'terminated', note: 'unknown instrument' })
  })

  test('what is said while a promise is under way counts at once; its slot is taken until the end', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    client.on('handlerError', () => {})
    const done = deferred()
    const deliveries: Delivery[] = []
    const handler = (_: unknown, delivery: Delivery): unknown => (deliveries.push(delivery), done.promise)
    await client.subscribe('orders.*', handler, { group: 'g', concurrency: 1 })
    for (const n of [1, 2]) client.tryPublish('orders.1', n, { key: 'k' })
    await clock.settle()
    deliveries[0].ack()
    await clock.settle()
    t.like(client.stats().groups['g'], { delivered: 1, inFlight: 0, queued: 1 })
    t.is(deliveries.length, 1)
    done.reject(new Error('after the acknowledgement'))
    await clock.run(60_000)
    t.like(client.stats().groups['g'], { delivered: 1, dead: 1, dropped: { failed: 0 } })
  })

  test('a second word is refused, and changes nothing', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    let kept!: Delivery
    const codes: unknown[] = []
    const codeOf = (call: () => void): unknown => {
      try {
        call()
        return undefined
      } catch (error) {
        return (error as { code: string }).code
      }
    }
    await client.subscribe(
      'orders.*',
      (_, delivery) => {
        kept = delivery
        delivery.ack()
        codes.push(codeOf(() => delivery.nack()))
      },
      { group: 'g' },
    )
    client.tryPublish('orders.1', 1)
    await clock.settle()
    for (const call of ['ack', 'nack', 'retryLater', 'extend'] as const) codes.push(codeOf(() => kept[call]()))
    codes.push(
      codeOf(() => kept.terminate('late')),
      codeOf(() => kept.nack({ delayMs: -1 })),
    )
    t.deepEqual(codes, [...Array.from({ length: 6 }, () => 'TICKBUS_SETTLED'), 'TICKBUS_ARGUMENT'])
    t.like(client.stats().groups['g'], { delivered: 1, retried: 0, fenced: 0 })
  })

  test('when the time is up the signal aborts, the message is tried again, and late words count for nothing', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    const promises = [deferred(), deferred()]
    const deliveries: Delivery[] = []
    const signals: AbortSignal[] = []
    const handler = (_: unknown, delivery: Delivery): unknown => {
      deliveries.push(delivery)
      signals.push(delivery.signal)
      return promises[delivery.attempt - 1].promise
    }
    await client.subscribe('orders.*', handler, { group: 'g', ackWaitMs: 100, concurrency: 1 })
    client.tryPublish('orders.1', 1, { key: 'k' })
    await clock.run(99)
    t.false(signals[0].aborted)
    await clock.run(1)
    t.true(signals[0].aborted)
    t.is((signals[0].reason as { code: string }).code, 'TICKBUS_GIVEN_UP')
    await clock.run(10)
    t.is(deliveries.length, 2, 'the slot was free')
    promises[0].resolve()
    await clock.settle()
    t.like(client.stats().groups['g'], { delivered: 0, inFlight: 1, fenced: 1, retried: 1 })
    deliveries[0].ack()
    t.is(client.stats().groups['g'].fenced, 1, 'a delivery is counted once')
    promises[1].resolve()
    await clock.settle()
    t.like(client.stats().groups['g'], { delivered: 1, inFlight: 0, fenced: 1 })
  })

  test('an at-most-once message whose time is up frees its slot and counts as timedOut', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    let begun = 0
    const hangs = (): unknown => ((begun += 1), new Promise(() => {}))
    await client.subscribe('ticks.*', hangs, { group: 'g', ackWaitMs: 20, concurrency: 1 })
    for (const n of [1, 2]) client.tryPublish('ticks.1', n)
    await clock.run(100)
    t.is(begun, 2)
    t.like(client.stats().groups['g'], { copies: 2, inFlight: 0, dropped: { timedOut: 2 } })
  })

  test('without ackWaitMs only messages that may not be lost have a time', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    const hangs = (): unknown => new Promise(() => {})
    await client.subscribe('*', hangs, { group: 'g', maxDeliver: 1 })
    client.tryPublish('ticks.1', 1)
    client.tryPublish('orders.1', 1)
    await clock.run(4_999)
    t.like(client.stats().groups['g'], { inFlight: 2 })
    await clock.run(1)
    t.like(client.stats().groups['g'], { inFlight: 1, dead: 1 })
    t.is(client.deadLetters.list()[0].reason, 'timedOut')
  })

  test('extend begins the time anew', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    const done = deferred()
    let kept!: Delivery
    await client.subscribe('orders.*', (_, delivery) => ((kept = delivery), done.promise), {
      group: 'g',
      ackWaitMs: 100,
    })
    client.tryPublish('orders.1', 1)
    await clock.run(90)
    kept.extend()
    await clock.run(90)
    done.resolve()
    await clock.settle()
    t.like(client.stats().groups['g'], { delivered: 1, retried: 0, fenced: 0 })
  })

  test('an expired message of such a topic becomes a dead letter', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    const expired: unknown[] = []
    const onExpired = (message: unknown): void => void expired.push(message)
    await client.subscribe('*', () => {}, { group: 'g', onExpired })
    client.tryPublish('orders.1', 'order', { deadlineMs: 5 })
    client.tryPublish('ticks.1', 'tick', { deadlineMs: 5 })
    clock.advance(6)
    await clock.settle()
    t.deepEqual(expired, ['order', 'tick'])
    t.like(client.stats().groups['g'], { copies: 2, delivered: 0, dead: 1, dropped: { expired: 1 } })
    t.like(client.deadLetters.list()[0], { topic: 'orders.1', reason: 'expired', message: 'order', attempts: [] })
  })

  test('a drain waits for what is tried again, a close lets go of it', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    await client.subscribe('orders.*', (_, delivery) => delivery.nack({ delayMs: 1_000 }), { group: 'g' })
    client.tryPublish('orders.1', 1)
    await clock.settle()
    const drained = client.drain({ timeoutMs: 10 })
    await clock.run(10)
    t.like(await drained, { complete: false, queued: 1, inFlight: 0 })
    await client.close()
    t.like(client.stats().groups['g'], { copies: 1, queued: 0, dropped: { closed: 1 } })
    t.is(clock.timers, 0)
  })

  test('a word after the close is refused', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    let kept!: Delivery
    await client.subscribe('orders.*', (_, delivery) => ((kept = delivery), new Promise(() => {})), { group: 'g' })
    client.tryPublish('orders.1', 1)
    await clock.settle()
    await client.close({ timeoutMs: 0 })
    t.throws(() => kept.ack(), { code: 'TICKBUS_SETTLED' })
    t.like(client.stats().groups['g'], { delivered: 0, dropped: { closed: 1 } })
  })

  test('of an effectively-once topic each message is handled once within the window', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    client.on('handlerError', () => {})
    const seen: string[] = []
    const handler = ({ fill }: { fill: string }, { attempt, id }: Delivery): void => {
      seen.push(`${fill}/${attempt}`)
      if (fill === 'B' && attempt === 1) throw new Error(`not ${id}`)
    }
    await client.subscribe('fills.*', handler, { group: 'g', idempotency: { size: 2, ms: 1_000 } })
    for (const fill of ['A', 'B', 'A', 'B']) client.tryPublish('fills.1', { fill })
    await clock.run(50)
    t.deepEqual(seen, ['A/1', 'B/1', 'B/1', 'B/2'].slice(0, seen.length))
    t.is(seen.filter((line) => line.startsWith('A')).length, 1)
    t.like(client.stats().groups['g'], { copies: 4, delivered: 4, duplicates: 2 })
    await clock.run(1_001)
    client.tryPublish('fills.1', { fill: 'A' })
    await clock.settle()
    t.is(seen.filter((line) => line.startsWith('A')).length, 2, 'the window is past')
  })

  test('a copy of what is under way waits for how that ends', async (t) => {
    const { client, clock } = await openClient(t, on, options, busOptions)
    const first = deferred()
    let begun = 0
    await client.subscribe('fills.*', () => ((begun += 1), begun === 1 ? first.promise : undefined), { group: 'g' })
    for (const _ of [1, 2]) client.tryPublish('fills.1', { fill: 'A' })
    await clock.run(100)
    t.is(begun, 1)
    first.resolve()
    await clock.run(100)
    t.is(begun, 1)
    t.like(client.stats().groups['g'], { delivered: 2, duplicates: 1, queued: 0 })
  })

  test('options that make no sense are refused', async (t) => {
    const { client } = await openClient(t, on, options, busOptions)
    const bad = [
      { maxDeliver: 0 },
      { maxDeliver: 1.5 },
      { backoffMs: [] },
      { backoffMs: [-1] },
      { backoffMs: 10 as never },
      { ackWaitMs: 0 },
      { ackWaitMs: NaN },
      { maxBlockMs: -1 },
      { idempotency: { size: 0 } },
      { idempotency: null as never },
    ]
    for (const one of bad) t.is(await codeOfRejection(client.subscribe('a', () => {}, one)), 'TICKBUS_ARGUMENT')
    await client.subscribe('a', () => {}, { group: 'g' })
    t.is(
      await codeOfRejection(client.subscribe('b', () => {}, { group: 'g', maxDeliver: 2 })),
      'TICKBUS_GROUP_CONFLICT',
    )
    await jobs()
  })
})
