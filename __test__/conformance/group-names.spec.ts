// A group's name belongs to one client of one thread, whatever thread asks.
import { threadId } from 'node:worker_threads'
import type { MessageBus } from 'tickbus'
import { forEachBackend } from './backends.js'
import { openClient } from './clients.js'

const fixture = new URL('fixtures/group-joiner.mjs', import.meta.url)
const module = new URL('../client/modules/worker.mjs', import.meta.url)

interface Answer {
  code: string
  reason?: string
}

/** The other thread subscribes. */
function joinThere(bus: MessageBus, group: string, url?: URL): Promise<Answer> {
  return bus.request<Answer>('join', { group, ...(url !== undefined && { module: url.href }) }, { timeoutMs: 60_000 })
}

forEachBackend('group names', (test, on) => {
  test('a group of this thread is not joined by another one, with a function or with a module', async (t) => {
    t.timeout(120_000)
    const { bus, client } = await openClient(t, on)
    await client.subscribe('jobs', () => {}, { group: 'here' })
    await bus.spawn(fixture)
    const refused = { code: 'TICKBUS_GROUP_CONFLICT', reason: `opened by a client in thread ${threadId}` }
    t.deepEqual(await joinThere(bus, 'here'), refused)
    t.deepEqual(await joinThere(bus, 'here', module), refused)
    t.deepEqual(await joinThere(bus, 'elsewhere'), { code: 'joined' })
  })

  test('and the other way round, however the group there handles its messages', async (t) => {
    t.timeout(120_000)
    const { bus, client } = await openClient(t, on)
    const there = await bus.spawn(fixture)
    t.deepEqual(await joinThere(bus, 'functions'), { code: 'joined' })
    t.deepEqual(await joinThere(bus, 'modules', module), { code: 'joined' })
    for (const group of ['functions', 'modules']) {
      const error = await t.throwsAsync(
        client.subscribe('jobs', () => {}, { group }),
        { code: 'TICKBUS_GROUP_CONFLICT' },
      )
      t.true(error!.message.includes(`in thread ${there.threadIds[0]}`), error!.message)
      t.false(group in client.stats().groups)
    }
    await t.notThrowsAsync(client.subscribe('jobs', () => {}, { group: 'another' }))
  })

  test('a name is free again once nobody subscribes, the client is closed, or its thread has died', async (t) => {
    t.timeout(120_000)
    const { bus, client, clock } = await openClient(t, on)
    const there = await bus.spawn(fixture)
    const subscription = await client.subscribe('jobs', () => {}, { group: 'g' })
    subscription.unsubscribe()
    clock.turn()
    t.is((await joinThere(bus, 'g')).code, 'joined')
    await bus.request('leave', undefined, { timeoutMs: 60_000 })
    const again = await client.subscribe('jobs', () => {}, { group: 'g' })
    again.unsubscribe()
    clock.turn()
    t.is((await joinThere(bus, 'g')).code, 'joined')
    await there.terminate()
    await t.notThrowsAsync(client.subscribe('jobs', () => {}, { group: 'g' }))
  })

  test('groups without a name are of each thread alone, and a name that could not be opened is not taken', async (t) => {
    t.timeout(120_000)
    const { bus, client } = await openClient(t, on)
    await bus.spawn(fixture)
    await client.subscribe('jobs', () => {})
    t.is((await joinThere(bus, '#1')).code, 'joined')
    const missing = new URL('missing.mjs', import.meta.url)
    await t.throwsAsync(client.subscribe('jobs', missing, { group: 'h', threads: 1 }), {
      code: 'TICKBUS_WORKER_MODULE',
    })
    t.is((await joinThere(bus, 'h')).code, 'joined')
  })

  test('of two threads that ask at the same moment at most one gets it', async (t) => {
    t.timeout(120_000)
    const { bus, client } = await openClient(t, on)
    await bus.spawn(fixture)
    for (let round = 0; round < 30; round += 1) {
      const there = joinThere(bus, `g${round}`)
      // The other thread takes a while to hear of it, and not always the same.
      for (let turn = 0; turn < round % 7; turn += 1) await new Promise(setImmediate)
      const here = await client
        .subscribe('jobs', () => {}, { group: `g${round}` })
        .then(
          () => 1,
          () => 0,
        )
      t.true(here + ((await there).code === 'joined' ? 1 : 0) <= 1)
    }
  })
})
