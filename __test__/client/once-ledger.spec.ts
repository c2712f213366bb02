// The idempotency window that a group's owner shares with its threads.
import test from 'ava'
import { viewsOf } from '../../dist/bus/index.js'
import type { GroupTopic } from '../../dist/client/group-topic.js'
import { OnceLedger } from '../../dist/client/threads/once-ledger.js'
import { OnceMarks } from '../../dist/client/threads/once-marks.js'
import { ENVELOPE_BYTES, ENVELOPE_WORD_GENERATION, ENVELOPE_WORDS } from '../../dist/layout.js'

const ENVELOPES = 8
const topic = { isOnce: true, identity: (message: unknown) => String(message) } as unknown as GroupTopic

function open(bounds = { size: 3, ms: 1_000 }) {
  const memory = new SharedArrayBuffer(ENVELOPES * ENVELOPE_BYTES)
  const envelopes = viewsOf(memory)
  let nowNs = 0
  const ledger = new OnceLedger({ envelopes, bounds, nowNs: () => nowNs, onUntold: () => {} })
  // As a thread sees it.
  const marks = new OnceMarks(ledger.marks.memory, ENVELOPES)
  const giveBack = (envelope: number): void => {
    envelopes.words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_GENERATION] += 1
  }
  /** A message comes, and a thread handles it; says what it was told. */
  const handle = (envelope: number, text: string): string => {
    ledger.enter(envelope, topic, text, 0)
    const state = marks.begin(envelope)
    marks.end(envelope, true)
    giveBack(envelope)
    return state
  }
  return { ledger, marks, handle, giveBack, wait: (ms: number) => (nowNs += ms * 1e6) }
}

test('what was acknowledged is remembered for as long as the window says, from when that was seen', (t) => {
  const { ledger, handle, wait } = open()
  t.is(handle(1, 'A'), 'fresh')
  ledger.look()
  wait(999)
  t.is(handle(2, 'A'), 'done')
  wait(1)
  t.is(handle(3, 'A'), 'fresh')
  t.is(ledger.duplicates, 1)
})

test('and as many as it says, the latest', (t) => {
  const { ledger, handle } = open()
  for (const [envelope, text] of ['A', 'B', 'C', 'D'].entries()) {
    handle(envelope, text)
    ledger.look()
  }
  t.deepEqual(
    ['D', 'C', 'B'].map((text) => handle(7, text)),
    ['done', 'done', 'done'],
  )
  t.is(handle(7, 'A'), 'fresh')
})

test('what is under way in a thread that died may begin again, and is in doubt; what it had acknowledged is not', (t) => {
  const { ledger, marks } = open()
  for (const envelope of [1, 2, 3]) ledger.enter(envelope, topic, envelope === 3 ? 'B' : 'A', 0)
  t.is(marks.begin(1), 'fresh')
  t.is(marks.begin(2), 'underWay')
  t.is(marks.begin(3), 'fresh')
  marks.end(3, true)
  for (const envelope of [1, 3]) ledger.bereft(envelope)
  t.is(ledger.inDoubt, 1)
  t.is(marks.begin(2), 'fresh')
  t.is(marks.begin(3), 'done')
})

test('whatever comes and goes, its memory stays the same, and what is forgotten lets its place go', (t) => {
  const { ledger, marks, handle, giveBack } = open()
  for (let n = 0; n < 5_000; n += 1) {
    const envelope = n % ENVELOPES
    if (n % 3 > 0) handle(envelope, `text ${n % 200}`)
    else {
      // Let go of without being handled.
      ledger.enter(envelope, topic, `other ${n}`, 0)
      if (n % 2 === 0) ledger.release(envelope)
      else giveBack(envelope)
    }
    t.true(marks.placeOf(envelope) <= 3 + ENVELOPES + 2)
    t.true(ledger.size <= 3 + ENVELOPES + 1)
  }
})
