/** What a handler does to a replay, and how it ends. */
import test from 'ava'
import { type GroupHandlerError, TickbusError } from 'tickbus'
import { until } from '../until.js'
import { backends, scratch } from './journals.js'
import { openJournalled, type Order } from './journalled.js'
import { noting, openVirtual, past, range, writePast } from './replays.js'

for (const backend of backends) {
  test(`a handler that fails is tried again by the back-off list, and what comes after it waits [${backend}]`, async (t) => {
    const directory = scratch(t)
    await writePast(directory, backend, past(3))
    const { client, clock, settled } = await openVirtual(t, backend, directory)
    const faults: GroupHandlerError[] = []
    client.on('handlerError', (fault) => void faults.push(fault))
    const startNs = clock.nowNs()
    const calls: [number, number, number][] = []
    const handler = ({ n }: Order, { attempt }: { attempt: number }): void => {
      calls.push([n, attempt, (clock.nowNs() - startNs) / 1e6])
      if (n === 2 && attempt < 4) throw new Error('not yet')
    }
    const replay = client.replay({ handler, name: 'audit', backoffMs: [10, 100] })
    await clock.run(1_000)
    t.deepEqual(calls, [
      [1, 1, 0],
      [2, 1, 0],
      [2, 2, 10],
      [2, 3, 110],
      [2, 4, 210],
      [3, 1, 210],
    ])
    t.is(faults.length, 3)
    t.like(faults[0], { group: 'audit', topic: 'orders.A', pattern: '*', handler })
    let report: unknown
    void replay.done.then((said) => (report = said))
    await settled(() => report !== undefined)
    t.like(report, { handled: 3, failed: 0, retried: 3, ended: 'done' })
  })

  test(`a message that has failed ends the replay, whose cursor stays in front of it [${backend}]`, async (t) => {
    const directory = scratch(t)
    await writePast(directory, backend, past(9))
    const { client } = await openJournalled(t, backend, directory)
    let isMended = false
    const { seen, handler } = noting()
    const failing = (order: Order, delivery: never): void => {
      if (order.n === 5 && !isMended) throw new RangeError('too much')
      handler(order, delivery)
    }
    const options = { handler: failing, name: 'audit', maxDeliver: 3, backoffMs: [0] }
    const replay = client.replay(options)
    const error = (await t.throwsAsync(replay.done, { instanceOf: TickbusError })) as TickbusError
    t.like(error, { code: 'TICKBUS_REPLAY_FAILED', details: { sequence: 5, topic: 'orders.A', reason: 'too much' } })
    t.true(error.cause instanceof RangeError)
    t.like(replay.stats(), { handled: 4, failed: 0, retried: 2, position: 4 })
    t.is(client.journal!.acknowledged('audit'), 4)
    isMended = true
    await client.replay(options).done
    t.deepEqual(seen, range(1, 9))
  })

  test(`a message may be passed over instead, by the option or by its handler, and is counted [${backend}]`, async (t) => {
    const directory = scratch(t)
    const broken = new TextEncoder().encode('{"n":')
    await writePast(
      directory,
      backend,
      past(9, (n) => (n === 7 ? { payload: broken } : {})),
    )
    const { client } = await openJournalled(t, backend, directory)
    const { seen, handler } = noting()
    const failing = (order: Order, delivery: { terminate(reason: string): void }): void => {
      if (order.n === 3) return delivery.terminate('of no use')
      if (order.n === 5) throw new Error('never')
      handler(order, delivery as never)
    }
    const options = { handler: failing, name: 'audit', maxDeliver: 2, backoffMs: [0] }
    const report = await client.replay({ ...options, onFailure: 'skip' }).done
    t.deepEqual(seen, [1, 2, 4, 6, 8, 9])
    t.like(report, { matched: 9, handled: 6, failed: 3, retried: 1, position: 9, ended: 'done' })
    // What cannot be read is not tried again.
    const stopped = client.replay({ handler: failing, from: 6 })
    t.like(await t.throwsAsync(stopped.done), { code: 'TICKBUS_REPLAY_FAILED', details: { sequence: 7 } })
    t.is(stopped.stats().retried, 0)
  })

  test(`words of a delivery mean what they mean in a group [${backend}]`, async (t) => {
    const directory = scratch(t)
    await writePast(directory, backend, past(4))
    const { client, clock, settled } = await openVirtual(t, backend, directory)
    const startNs = clock.nowNs()
    const calls: unknown[] = []
    let finish = (): void => {}
    const replay = client.replay<Order>({
      handler: async ({ n }, delivery) => {
        calls.push([n, delivery.attempt, (clock.nowNs() - startNs) / 1e6])
        if (n === 1 && calls.length === 1) return delivery.retryLater({ delayMs: 5 })
        if (n === 2 && delivery.attempt === 1) return delivery.nack({ delayMs: 7 })
        if (n === 3) {
          delivery.ack()
          await new Promise<void>((resolve) => (finish = resolve))
        }
      },
    })
    await clock.run(100)
    t.deepEqual(calls, [
      [1, 1, 0],
      [1, 1, 5],
      [2, 1, 5],
      [2, 2, 12],
      [3, 1, 12],
    ])
    t.like(replay.stats(), { handled: 3, retried: 1, inFlight: 0, queued: 1, position: 3 })
    finish()
    await settled(() => replay.stats().handled === 4)
    t.pass()
  })

  test(`a handler that takes too long is given up and tried again, and its late word counts no more [${backend}]`, async (t) => {
    const directory = scratch(t)
    await writePast(directory, backend, past(2))
    const { client, clock, settled } = await openVirtual(t, backend, directory)
    const late: (() => void)[] = []
    const reasons: unknown[] = []
    const attempts: number[] = []
    const replay = client.replay<Order>({
      ackWaitMs: 50,
      backoffMs: [10],
      handler: async ({ n }, { attempt, signal }) => {
        attempts.push(10 * n + attempt)
        if (n > 1 || attempt > 1) return
        signal.addEventListener('abort', () => void reasons.push((signal.reason as TickbusError).code))
        await new Promise<void>((resolve) => late.push(resolve))
        throw new Error('too late')
      },
    })
    await clock.run(49)
    t.deepEqual(attempts, [11])
    await clock.run(11)
    t.deepEqual(reasons, ['TICKBUS_GIVEN_UP'])
    await settled(() => replay.stats().handled === 2)
    t.deepEqual(attempts, [11, 12, 21])
    for (const one of late) one()
    await clock.settle()
    t.like(replay.stats(), { handled: 2, failed: 0, retried: 1 })
  })

  test(`a stop begins nothing more and waits for what is under way; so does a signal [${backend}]`, async (t) => {
    const directory = scratch(t)
    await writePast(directory, backend, past(20))
    const { client } = await openJournalled(t, backend, directory)
    for (const how of ['stop', 'signal']) {
      const abort = new AbortController()
      const begun: number[] = []
      let finish = (): void => {}
      const handler = async ({ n }: Order): Promise<void> => {
        begun.push(n)
        await new Promise<void>((resolve) => (finish = resolve))
      }
      const replay = client.replay({ handler, name: how, signal: abort.signal })
      await until(() => begun.length === 1)
      const stopped = how === 'stop' ? replay.stop() : (abort.abort(), replay.done)
      let isOver = false
      void stopped.then(() => (isOver = true))
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
      t.false(isOver)
      finish()
      t.like(await stopped, { handled: 1, position: 1, inFlight: 0, ended: 'stopped' })
      t.deepEqual(begun, [1])
      t.is(await replay.stop(), await replay.done)
    }
  })

  test(`a stop while a message waits for another attempt leaves that to the next time [${backend}]`, async (t) => {
    const directory = scratch(t)
    await writePast(directory, backend, past(3))
    const { client } = await openJournalled(t, backend, directory)
    let isMended = false
    const { seen, handler } = noting()
    const failing = (order: Order, delivery: never): void => {
      if (order.n === 2 && !isMended) throw new Error('not yet')
      handler(order, delivery)
    }
    const replay = client.replay({ handler: failing, name: 'audit', backoffMs: [1e6] })
    await until(() => replay.stats().retried === 1)
    t.like(await replay.stop(), { handled: 1, inFlight: 0, position: 1 })
    isMended = true
    await client.replay({ handler: failing, name: 'audit' }).done
    t.deepEqual(seen, [1, 2, 3])
  })

  test(`a close ends replays, aborts the signals of what is under way, and waits for it [${backend}]`, async (t) => {
    const directory = scratch(t)
    await writePast(directory, backend, past(5))
    const first = await openJournalled(t, backend, directory)
    const done: number[] = []
    const replay = first.client.replay<Order>({
      name: 'audit',
      handler: async ({ n }, { signal }) => {
        if (n < 3) return void done.push(n)
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        await new Promise(setImmediate)
        done.push(n)
      },
    })
    const idle = first.client.replay({ name: 'idle', handler: () => {}, follow: true })
    await until(() => replay.stats().inFlight === 1 && done.length === 2)
    await idle.caughtUp()
    await first.client.close()
    t.like(await replay.done, { handled: 3, position: 3, ended: 'closed' })
    t.like(await idle.done, { handled: 5, ended: 'closed' })
    await first.bus.close()

    // What hangs is given up, and comes again.
    const second = await openJournalled(t, backend, directory)
    const hanging = second.client.replay({ name: 'audit', handler: () => new Promise(() => {}) })
    await until(() => hanging.stats().inFlight === 1)
    await second.client.close({ timeoutMs: 0 })
    t.like(await hanging.done, { handled: 0, inFlight: 0, position: 3, ended: 'closed' })
    await second.bus.close()
    const { client } = await openJournalled(t, backend, directory)
    const { seen, handler } = noting()
    await client.replay({ name: 'audit', handler }).done
    t.deepEqual(seen, [4, 5])
  })
}
