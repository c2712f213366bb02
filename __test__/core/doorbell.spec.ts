import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { ExecutionContext } from 'ava'
import type { Core, Membership } from '../../dist/core.js'
import { MEMBER_STATE_DEAD, ROSTER_WORD_DEATHS, ROSTER_WORD_HASH, ROSTER_WORD_MAGIC } from '../../dist/layout.js'
import { codeOf } from '../conformance/backends.js'
import { forEachCore } from './cores.js'
import { runFixture } from './process.js'
import { Page } from './roster.js'

/** Counts rings, and can wait for one more. A doorbell keeps nothing alive, so whoever waits does. */
class Ear {
  heard = 0
  #listener: (() => void) | undefined

  readonly wake = (): void => {
    this.heard += 1
    this.#listener?.()
  }

  async next(): Promise<void> {
    const alive = setInterval(() => {}, 60_000)
    await new Promise<void>((resolve) => (this.#listener = resolve))
    clearInterval(alive)
  }
}

function join(t: ExecutionContext, core: Core, page: Page, slot: number): { ear: Ear; member: Membership } {
  const ear = new Ear()
  const member = core.join({ roster: page.roster, slot, generation: page.claim(slot), wake: ear.wake })
  t.teardown(() => member.leave())
  return { ear, member }
}

/** Starts a worker that joins in `slot`, and answers each ring with a ring to slot 0. */
async function startRinger(t: ExecutionContext, core: Core, page: Page, slot: number): Promise<Worker> {
  const { backend } = core
  const workerData = { backend, roster: page.words.buffer, slot, generation: page.claim(slot) }
  const worker = new Worker(new URL('fixtures/ringer.mjs', import.meta.url), { workerData })
  t.teardown(() => worker.terminate())
  await once(worker, 'message')
  return worker
}

forEachCore('doorbell', (test, core) => {
  test('a ring reaches another member of the same thread, and nobody else', async (t) => {
    const page = new Page()
    const [one, other] = [join(t, core, page, 0), join(t, core, page, 1)]
    const heard = other.ear.next()
    one.member.ring(1)
    t.is(other.ear.heard, 0, 'not within the call')
    await heard
    t.deepEqual([one.ear.heard, other.ear.heard], [0, 1])
  })

  test('a ring reaches a worker, and the main thread from there', async (t) => {
    const page = new Page()
    const { ear, member } = join(t, core, page, 0)
    await startRinger(t, core, page, 63)
    for (let round = 1; round <= 100; round += 1) {
      const heard = ear.next()
      member.ring(63)
      await heard
      t.is(ear.heard, round)
    }
  })

  test('a ring to a slot that nobody uses is ignored', async (t) => {
    const page = new Page()
    const [one, other] = [join(t, core, page, 0), join(t, core, page, 1)]
    for (const slot of [-1, 2, 63, 64]) one.member.ring(slot)
    const heard = other.ear.next()
    one.member.ring(1)
    await heard
    t.is(one.ear.heard, 0)
  })

  test('who has left hears nothing, may leave again, and makes room for another', async (t) => {
    const page = new Page()
    const one = join(t, core, page, 0)
    const gone = join(t, core, page, 1)
    gone.member.leave()
    gone.member.leave()
    one.member.ring(1)
    const next = join(t, core, page, 1)
    const heard = next.ear.next()
    one.member.ring(1)
    await heard
    t.is(gone.ear.heard, 0)
  })

  test('a slot that was claimed again goes to the newcomer, whenever the old member leaves', async (t) => {
    const page = new Page()
    const one = join(t, core, page, 0)
    const old = join(t, core, page, 1)
    const next = join(t, core, page, 1)
    old.member.leave()
    const heard = next.ear.next()
    one.member.ring(1)
    await heard
    t.pass()
  })

  test('what is no roster of this bus is refused', (t) => {
    const page = new Page()
    const generation = page.claim(0)
    const wake = () => {}
    const attempt = (roster: Uint8Array, slot = 0) => codeOf(() => core.join({ roster, slot, generation, wake }))
    const damaged = (word: number) => {
      const copy = page.copy()
      copy.words[word] = 1
      return copy.roster
    }
    t.is(attempt(page.roster.slice()), 'TICKBUS_TICKET', 'not shared')
    t.is(attempt(page.roster.subarray(8)), 'TICKBUS_TICKET', 'too short')
    t.is(attempt(damaged(ROSTER_WORD_MAGIC)), 'TICKBUS_TICKET')
    t.is(attempt(damaged(ROSTER_WORD_HASH)), 'TICKBUS_TICKET')
    t.is(attempt(new Page().roster), 'TICKBUS_TICKET', 'the slot was not claimed there')
    for (const slot of [-1, 64, 0.5, NaN]) t.is(attempt(page.roster, slot), 'TICKBUS_ARGUMENT')
  })

  test('an armed doorbell keeps no process alive', async (t) => {
    const { code, stderr } = await runFixture('armed.mjs', [core.backend], { TICKBUS_BACKEND: core.backend })
    t.is(stderr, '')
    t.is(code, 0)
  })

  test('workers terminated while everybody rings everybody leave exit code 0', async (t) => {
    const workers = process.env.TICKBUS_LONG === '1' ? 200 : 20
    const { code, stdout, stderr } = await runFixture('churn.mjs', [core.backend, String(workers)], {
      TICKBUS_BACKEND: core.backend,
    })
    t.is(stderr, '')
    t.is(stdout.trim(), `${workers} terminated`)
    t.is(code, 0)
  })

  test('1,000 joins and leaves leave memory as it was', async (t) => {
    const { code, stdout, stderr } = await runFixture('leak.mjs', [core.backend], { TICKBUS_BACKEND: core.backend })
    t.is(stderr, '')
    t.is(code, 0)
    const { heapKb, rssKb, seated } = JSON.parse(stdout) as { heapKb: number; rssKb: number; seated: number }
    // One roster left behind each time would come to 8 MiB.
    t.true(heapKb < 1_024, `${heapKb} KiB of heap more than before`)
    t.true(rssKb < 4_096, `${rssKb} KiB resident more than before`)
    t.is(seated, 0)
  })

  if (core.backend !== 'native') return

  test('a copy of the roster is other memory, and is refused', (t) => {
    const page = new Page()
    join(t, core, page, 0)
    const generation = page.claim(1)
    const wake = () => {}
    t.is(
      codeOf(() => core.join({ roster: page.copy().roster, slot: 1, generation, wake })),
      'TICKBUS_TICKET',
    )
    t.is(
      codeOf(() => core.join({ roster: page.roster, slot: 1, generation, wake }).leave()),
      'nothing was thrown',
    )
  })

  test('a thread that ends without leaving is marked dead, and the others are rung', async (t) => {
    const page = new Page()
    const { ear } = join(t, core, page, 0)
    const worker = await startRinger(t, core, page, 1)
    const heard = ear.next()
    await Promise.all([worker.terminate(), heard])
    t.is(page.state(1), MEMBER_STATE_DEAD)
    t.is(Atomics.load(page.words, ROSTER_WORD_DEATHS), 1)
  })
})
