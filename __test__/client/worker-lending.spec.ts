// How the thread that runs a schedule lends its messages to others, on the JavaScript backend.
import test from 'ava'
import { fc, testProp } from '@fast-check/ava'
import { viewsOf } from '../../dist/bus/index.js'
import { ThreadWork } from '../../dist/client/threads/thread-work.js'
import {
  OUTCOME_DELIVERED,
  OUTCOME_EXPIRED,
  OUTCOME_RETURNED,
  OUTCOME_WORKER_LOST,
  PORT_DOUBLE_NOW,
  PORT_WORD_ARRIVED,
  PORT_WORD_URGENT,
  PORT_WORD_WANTED,
} from '../../dist/layout.js'
import { type Borrower, Desk, LANES, type Sent } from './lending.js'

const CRITICAL = LANES - 1

test('a thread gets what it asked for, and no more before it asks again', (t) => {
  const desk = new Desk()
  const borrower = desk.addBorrower()
  for (let n = 0; n < 10; n += 1) desk.submit(1)
  desk.run()
  t.deepEqual(borrower.turn(3), [])
  desk.run()
  t.deepEqual(desk.woken, [borrower.slot])
  const lease = borrower.turn(3)
  t.deepEqual(
    lease.map((envelope) => desk.sent.get(envelope)!.id),
    [1, 2, 3],
  )
  desk.run()
  t.is(borrower.turn(3).length, 0)
  desk.run()
  t.is(borrower.turn(0).length, 0)
  t.is(borrower.turn(3).length, 3)
})

test('what is runnable is spread over all threads that asked', (t) => {
  const desk = new Desk()
  const borrowers = [desk.addBorrower(), desk.addBorrower(), desk.addBorrower()]
  for (const borrower of borrowers) borrower.turn(64)
  for (let n = 0; n < 6; n += 1) desk.submit(1)
  desk.run()
  t.deepEqual(
    borrowers.map((borrower) => borrower.turn(64).length),
    [2, 2, 2],
  )
})

test('urgent work reaches a thread that has its hands full, before what it was lent earlier', (t) => {
  const desk = new Desk()
  const borrower = desk.addBorrower()
  borrower.turn(2, 1)
  for (let n = 0; n < 5; n += 1) desk.submit(0)
  desk.run()
  const urgent = desk.submit(CRITICAL)
  desk.run()
  const lease = borrower.turn(2, 1)
  t.is(desk.sent.get(lease[0]!)!.id, urgent!.id)
  t.is(lease.length, 3)
})

test('urgent work goes ahead of what was lent and not taken, and the thread is told of it', (t) => {
  const desk = new Desk()
  const borrower = desk.addBorrower()
  borrower.turn(3, 1)
  const first = desk.submit(0)!
  desk.run()
  t.is(borrower.words[PORT_WORD_ARRIVED], 0)
  const urgent = desk.submit(CRITICAL)!
  desk.run()
  t.is(borrower.words[PORT_WORD_ARRIVED], CRITICAL + 1)
  const lease = borrower.turn(3, 1)
  t.deepEqual(
    lease.map((envelope) => desk.sent.get(envelope)!.id),
    [urgent.id, first.id],
  )
})

test('a message of another lane that is drawn along by an urgent one of its key is lent on the urgent account', (t) => {
  const desk = new Desk()
  const borrower = desk.addBorrower()
  borrower.turn(0, 2)
  const first = desk.submit(0, 7)!
  const second = desk.submit(CRITICAL, 7)!
  desk.run()
  const lease = borrower.turn(0, 2)
  t.deepEqual(
    lease.map((envelope) => desk.sent.get(envelope)!.id),
    [first.id],
  )
  borrower.settle(0, desk.generation(lease[0]!))
  borrower.turn(0, 2)
  desk.run()
  t.deepEqual(
    borrower.turn(0, 2).map((envelope) => desk.sent.get(envelope)!.id),
    [second.id],
  )
})

/** A thread that has handled many full leases in no time. */
function fastBorrower(desk: Desk): Borrower {
  const borrower = desk.addBorrower()
  for (let lease = 0; lease < 40; lease += 1) {
    publish(desk, 64)
    desk.run()
    settleAll(desk, borrower)
    borrower.turn(64)
  }
  while (desk.inFlight > 0 || desk.waiting > 0) {
    settleAll(desk, borrower)
    borrower.turn(64)
    desk.run()
  }
  return borrower
}

function publish(desk: Desk, count: number): void {
  for (let n = 0; n < count; n += 1) desk.submit(0)
  desk.words[PORT_WORD_WANTED] = 0
  desk.words[PORT_WORD_URGENT] = 0
  desk.turn()
}

function settleAll(desk: Desk, borrower: Borrower): void {
  while (borrower.inHand.length > 0) borrower.settle(0, desk.generation(borrower.inHand[0]!))
}

test('a thread whose handlers return at once is lent more than one lease', (t) => {
  const desk = new Desk()
  const borrower = fastBorrower(desk)
  publish(desk, 64)
  publish(desk, 64)
  desk.run()
  t.is(borrower.turn(64).length, 64)
  settleAll(desk, borrower)
  t.is(borrower.turn(64).length, 64)
})

test('and gives the rest back once its handlers take long, for others', (t) => {
  const desk = new Desk()
  const borrower = fastBorrower(desk)
  publish(desk, 64)
  publish(desk, 36)
  desk.run()
  const other = desk.addBorrower()
  other.turn(64)
  desk.run()
  t.is(other.turn(64).length, 0)
  t.is(borrower.turn(1).length, 1)
  desk.run()
  t.is(other.turn(64).length, 64)
  settleAll(desk, other)
  other.turn(64)
  desk.run()
  t.is(other.turn(64).length, 35)
  settleAll(desk, other)
  settleAll(desk, borrower)
  for (const each of [borrower, other]) each.turn(0)
  desk.run()
  t.is(desk.inFlight + desk.waiting, 0)
})

test('the lender is rung for what was given back or asked for, and not by a turn without news', (t) => {
  const desk = new Desk()
  const borrower = desk.addBorrower()
  borrower.turn(8)
  t.is(borrower.rungs, 1)
  borrower.turn(8)
  t.is(borrower.rungs, 1)
  desk.submit(1)
  desk.run()
  const [envelope] = borrower.turn(8)
  const before = borrower.rungs
  borrower.settle(0, desk.generation(envelope!))
  borrower.turn(0)
  t.is(borrower.rungs, before + 1)
})

test('a thread goes to sleep unless it was lent something that it wants', (t) => {
  const desk = new Desk()
  const borrower = desk.addBorrower()
  borrower.turn(1)
  t.true(borrower.port.rest())
  t.true(borrower.asleep)
  desk.submit(1)
  desk.run()
  t.false(borrower.port.rest())
  t.false(borrower.asleep)
  t.is(borrower.turn(1).length, 1)
  t.true(borrower.port.rest())
})

test('a thread goes to sleep with what it was lent and has no place for', (t) => {
  const desk = new Desk()
  const borrower = desk.addBorrower()
  borrower.turn(1, 1)
  for (const lane of [1, CRITICAL, CRITICAL]) desk.submit(lane)
  desk.run()
  const want = (wanted: number, urgent: number): void => {
    borrower.words[PORT_WORD_WANTED] = wanted
    borrower.words[PORT_WORD_URGENT] = urgent
  }
  // All its slots are taken.
  want(0, 0)
  t.true(borrower.port.rest())
  want(0, 1)
  t.false(borrower.port.rest())
  t.is(borrower.turn(0, 2).length, 2)
  // What is left is not urgent, and a slot is kept for what is.
  want(0, 1)
  t.true(borrower.port.rest())
  want(1, 0)
  t.false(borrower.port.rest())
})

test('a settlement of what a thread does not have is ignored', (t) => {
  const desk = new Desk()
  const [first, second] = [desk.addBorrower(), desk.addBorrower()]
  first.turn(8)
  desk.submit(1)
  desk.run()
  const [envelope] = first.turn(8)
  second.inHand.push(envelope!)
  second.settle(0, desk.generation(envelope!))
  second.turn(0)
  desk.run()
  t.is(desk.settledInAll, 0)
  first.settle(0, desk.generation(envelope!) + 1)
  first.turn(0)
  desk.run()
  t.is(desk.settledInAll, 0)
})

test('what expires between the loan and its turn is not run, and the thread asks for something else', (t) => {
  const desk = new Desk()
  const borrower = desk.addBorrower()
  const work = new ThreadWork({
    group: 'g',
    envelopes: viewsOf(desk.envelopes),
    priorities: [0, 1, 2, 3],
    urgent: CRITICAL,
    page: borrower.page,
    port: borrower.port,
    reader: undefined as never,
    once: undefined,
    topics: undefined as never,
    onFailed: () => {},
    tellsExpired: false,
    onExpired: () => {},
    onUnacknowledged: () => {},
    onBegins: () => {},
    onLate: () => {},
    onSettled: () => {},
    clock: undefined as never,
  })
  const into = new Uint32Array(64)
  const lease = (nowNs: number): number[] => [...into.subarray(0, work.lease(4, 0, nowNs, into))]
  t.deepEqual(lease(0), [])
  for (let n = 0; n < 3; n += 1) desk.submit(1, 0, 50)
  desk.run()
  t.deepEqual(lease(100), [])
  t.true(work.rest())
  desk.doubles[PORT_DOUBLE_NOW] = 100
  const last = desk.submit(1)!
  desk.run()
  t.is(desk.settled(OUTCOME_EXPIRED), 3)
  t.deepEqual(
    lease(101).map((envelope) => desk.sent.get(envelope)!.id),
    [last.id],
  )
})

test('of a thread that ended, what it had settled counts, and the rest is lost', (t) => {
  const desk = new Desk()
  const borrower = desk.addBorrower()
  borrower.turn(64)
  for (let n = 0; n < 60; n += 1) desk.submit(1, 1 + (n % 7))
  desk.run()
  const lease = borrower.turn(64)
  t.is(lease.length, 7)
  for (let n = 0; n < 2; n += 1) borrower.settle(0, desk.generation(borrower.inHand[0]!))
  borrower.turn(0)
  // Settled, and not handed over; nor is one handed over twice.
  borrower.settle(0, desk.generation(borrower.inHand[0]!))
  borrower.inHand.push(lease[0]!)
  borrower.settle(borrower.inHand.length - 1, desk.generation(lease[0]!))
  desk.lender.remove(borrower.page, OUTCOME_WORKER_LOST)
  desk.run()
  t.is(desk.settled(OUTCOME_DELIVERED), 3)
  t.is(desk.settled(OUTCOME_WORKER_LOST), 4)
  t.is(desk.waiting, 53)
  t.is(desk.ended.length, 7)
  t.is(desk.inFlight, 0)
  const heir = desk.addBorrower()
  heir.turn(64)
  desk.run()
  t.is(heir.turn(64).length, 7)
})

test('the end of a thread is not that of the one that sits in its slot by then', (t) => {
  const desk = new Desk()
  const [first, second] = [desk.addBorrower(0), desk.addBorrower(0)]
  desk.lender.retire(first.page)
  second.turn(8)
  desk.submit(1)
  desk.run()
  t.is(second.turn(8).length, 1)
  // It dies before it is known that the first one has left.
  desk.lender.remove(second.page, OUTCOME_WORKER_LOST)
  desk.lender.remove(first.page, OUTCOME_RETURNED)
  desk.run()
  t.is(desk.settled(OUTCOME_WORKER_LOST), 1)
  t.is(desk.waiting, 0)
})

type Step =
  | { readonly does: 'submit'; readonly lane: number; readonly key: number }
  | { readonly does: 'turn'; readonly who: number; readonly wanted: number; readonly urgent: number }
  | { readonly does: 'settle'; readonly who: number; readonly nth: number; readonly returns: boolean }
  | { readonly does: 'round' }
  | { readonly does: 'die'; readonly who: number }

const nat = (max: number) => fc.nat({ max })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ does: fc.constant('submit' as const), lane: nat(3), key: nat(5) }) },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('turn' as const), who: nat(3), wanted: nat(8), urgent: nat(2) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ does: fc.constant('settle' as const), who: nat(3), nth: nat(9), returns: fc.boolean() }),
  },
  { weight: 4, arbitrary: fc.constant({ does: 'round' as const }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('die' as const), who: nat(3) }) },
)

testProp(
  'whatever threads do, each message ends exactly once, keys stay in order, and the rest waits or is in hand',
  [fc.array(step, { maxLength: 400 })],
  (t, steps) => {
    const desk = new Desk()
    const borrowers = Array.from({ length: 4 }, () => desk.addBorrower())
    const ended = new Map<number, number>()
    const lastOfKey = new Map<number, number>()
    let submitted = 0
    const started = (borrower: Borrower, lease: number[]): void => {
      for (const envelope of lease) {
        const { id, key } = desk.sent.get(envelope)!
        if (key === 0) continue
        const holders = borrowers.flatMap(({ inHand }) => inHand).filter((other) => desk.sent.get(other)!.key === key)
        t.is(holders.length, 1)
        t.true((lastOfKey.get(key) ?? 0) < id || ended.get(id) === undefined)
      }
      t.true(borrower.inHand.length <= 64)
    }
    const finish = (borrower: Borrower, nth: number, returns: boolean): void => {
      const envelope = borrower.inHand[nth]!
      const { id, key } = desk.sent.get(envelope) as Sent
      if (!returns) {
        t.is(ended.get(id), undefined)
        ended.set(id, OUTCOME_DELIVERED)
        if (key !== 0) {
          t.true((lastOfKey.get(key) ?? 0) < id)
          lastOfKey.set(key, id)
        }
      }
      borrower.settle(nth, desk.generation(envelope), returns ? OUTCOME_RETURNED : OUTCOME_DELIVERED)
      borrower.turn(0)
    }
    for (const act of steps) {
      if (act.does === 'submit') submitted += desk.submit(act.lane, act.key) === undefined ? 0 : 1
      else if (act.does === 'round') desk.lender.run(0)
      else {
        const borrower = borrowers[act.who % borrowers.length]
        if (borrower === undefined) continue
        if (act.does === 'turn') started(borrower, borrower.turn(act.wanted, act.urgent))
        else if (act.does === 'settle' && borrower.inHand.length > 0)
          finish(borrower, act.nth % borrower.inHand.length, act.returns)
        else if (act.does === 'die') {
          desk.lender.remove(borrower.page, OUTCOME_WORKER_LOST)
          borrowers.splice(borrowers.indexOf(borrower), 1)
        }
      }
    }
    desk.run()
    t.is(desk.settledInAll + desk.waiting + desk.inFlight, submitted)
    t.is(desk.settled(OUTCOME_DELIVERED), ended.size)
    // At rest: whoever is left handles everything.
    const last = borrowers[0] ?? desk.addBorrower()
    if (borrowers.length === 0) borrowers.push(last)
    for (let quiet = 0; quiet < 2;) {
      quiet += 1
      for (const borrower of borrowers) {
        started(borrower, borrower.turn(borrower === last ? 64 : 0, 0))
        while (borrower.inHand.length > 0) {
          finish(borrower, 0, false)
          quiet = 0
        }
        borrower.turn(64, 1)
        for (; borrower.inHand.length > 0; quiet = 0) finish(borrower, 0, false)
      }
      desk.run()
    }
    t.is(desk.waiting, 0)
    t.is(desk.inFlight, 0)
    t.is(desk.settledInAll, submitted)
    t.is(desk.ended.length, submitted)
    t.is(new Set(desk.ended).size, submitted)
  },
  { numRuns: 300 },
)
