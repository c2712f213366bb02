// What a thread of a group has in hand.
import test from 'ava'
import { viewsOf } from '../../dist/bus/index.js'
import type { Clock } from '../../dist/client/clock.js'
import { ThreadLoop, type ThreadLoopOptions } from '../../dist/client/threads/thread-loop.js'
import { ThreadWork, type ThreadWorkOptions } from '../../dist/client/threads/thread-work.js'
import { failed } from '../../dist/client/word.js'
import {
  ENVELOPE_BYTES,
  OUTCOME_DEAD,
  OUTCOME_RETRIED,
  OUTCOME_RETURNED,
  PORT_WORD_LEASE_LIST,
  PORT_WORD_LEASED,
  PORT_WORD_SETTLE_LIST,
  PORT_WORD_SETTLED,
  PORT_WORD_SLOTS,
  PORT_WORD_URGENT,
  PORT_WORD_WANTED,
  PORT_WORDS,
} from '../../dist/layout.js'

/** A thread's work on a port that gives out what each rest is to find, and writes down what is settled. */
function workOf(leases: number[][] = []) {
  const page = new SharedArrayBuffer(4 * PORT_WORDS)
  const words = new Uint32Array(page)
  const settled: number[] = []
  const told: number[] = []
  const port = {
    turn() {
      for (let i = 0; i < words[PORT_WORD_SETTLED]!; i += 1) settled.push(words[PORT_WORD_SETTLE_LIST + 2 * i]!)
      words[PORT_WORD_SETTLED] = 0
      words[PORT_WORD_LEASED] = 0
    },
    rest() {
      const lease = leases.shift()!
      words.set(lease, PORT_WORD_LEASE_LIST)
      words[PORT_WORD_LEASED] = lease.length
      return lease.length === 0
    },
  }
  const work = new ThreadWork({
    envelopes: viewsOf(new SharedArrayBuffer(16 * ENVELOPE_BYTES)),
    page,
    port,
    priorities: [0],
    urgent: 1,
    onUnacknowledged: ({ envelope }: { envelope: number }) => told.push(envelope),
    onSettled: () => {},
    clock: { setTimer: () => ({}), clearTimer: () => {} } as unknown as Clock,
  } as unknown as ThreadWorkOptions)
  const refuse = (envelope: number): void => work.refuse(envelope, 0, undefined as never, failed(new Error('no')))
  return { page, words, settled, told, work, refuse }
}

test('what comes as a thread goes to rest, and finds no slot any more, goes back', (t) => {
  const { settled, work } = workOf([[7], []])
  t.false(work.rest())
  t.is(work.inHand, 1)
  // The next turn finds no free slot and asks for nothing: there are fewer slots than when it went to rest.
  t.true(work.rest())
  t.deepEqual(settled, [7 | (OUTCOME_RETURNED << 24)])
  t.is(work.inHand, 0)
})

test('a thread that leaves gives back what failed as it was judged, and nothing before it was', (t) => {
  const { settled, told, work, refuse } = workOf()
  refuse(1)
  refuse(2)
  work.judged({ envelope: 1, generation: 0, outcome: OUTCOME_RETRIED, delayUs: 60e6 })
  work.flush()
  t.deepEqual(settled, [])
  work.returnHeld()
  refuse(3)
  work.flush()
  t.deepEqual(settled, [1 | (OUTCOME_RETRIED << 24)])
  t.deepEqual(told, [1, 2, 3])
  work.judged({ envelope: 2, generation: 0, outcome: OUTCOME_DEAD, delayUs: 0 })
  work.judged({ envelope: 3, generation: 0, outcome: OUTCOME_RETRIED, delayUs: 60e6 })
  work.flush()
  t.deepEqual(settled.slice(1), [2 | (OUTCOME_DEAD << 24), 3 | (OUTCOME_RETRIED << 24)])
})

test('a thread that has other slots now has not asked for anything with them', (t) => {
  const { page, words, work } = workOf([[]])
  const turns: (() => void)[] = []
  words[PORT_WORD_SLOTS] = 2
  words[PORT_WORD_WANTED] = 1
  words[PORT_WORD_URGENT] = 1
  const runner = { slots: 1, run: () => false, resize: () => {} }
  const loop = new ThreadLoop({
    runner,
    work,
    page,
    time: { nowNs: () => 1, forget: () => {} },
    meter: { isExact: false },
    window: { inVain: () => {} },
    setPolling: () => {},
    clock: { defer: (turn: () => void) => turns.push(turn) },
    busyNs: () => 0,
  } as unknown as ThreadLoopOptions)
  loop.schedule()
  turns.shift()!()
  t.is(words[PORT_WORD_WANTED]! + words[PORT_WORD_URGENT]!, 0)
})
