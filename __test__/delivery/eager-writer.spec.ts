import test, { type ExecutionContext } from 'ava'
import type { JournalWriter } from '../../ts/journal-core.js'
import { JOURNAL_PAGE_BYTES, JOURNAL_WORD_WANTS, JOURNAL_WORD_WANTS_SYNC } from '../../ts/layout.js'
import { openEagerWriter } from '../../ts/native/eager-writer.js'

/** A turn of the loop takes so long here. */
const TURN_MS = 0.01

/** A writer that answers only when it is told to, and a loop that turns by hand. */
function opened(t: ExecutionContext) {
  const page = new Uint8Array(new SharedArrayBuffer(JOURNAL_PAGE_BYTES))
  const words = new Int32Array(page.buffer)
  const turns: (() => void)[] = []
  let nowMs = 1
  let submitted = 0
  const writer = openEagerWriter(
    ({ page: given }) => {
      t.is(given, page)
      return { submit: () => ((submitted += 1), true) } as unknown as JournalWriter
    },
    { page } as unknown as Parameters<typeof openEagerWriter>[1],
    { nowMs: () => nowMs, setImmediate: (run) => void turns.push(run) },
  )
  return {
    want: (isWanted: boolean, word = JOURNAL_WORD_WANTS) => void Atomics.store(words, word, isWanted ? 1 : 0),
    submit: () => t.true(writer.submit(new Uint8Array())),
    /** Lets the loop turn until it would sleep, at most so often; says how often it did. */
    turn(most = 1_000) {
      let count = 0
      for (; turns.length > 0 && count < most; count += 1) {
        nowMs += TURN_MS
        turns.shift()!()
      }
      return count
    },
    get submitted() {
      return submitted
    },
  }
}

test('eager writer: the loop sleeps where nobody waits', (t) => {
  const loop = opened(t)
  loop.submit()
  t.is(loop.turn(), 0)
})

test('eager writer: the loop stays awake until the answer has come, and again the next time', (t) => {
  const loop = opened(t)
  for (const word of [JOURNAL_WORD_WANTS, JOURNAL_WORD_WANTS_SYNC, JOURNAL_WORD_WANTS]) {
    loop.want(true, word)
    loop.submit()
    t.is(loop.turn(5), 5)
    loop.want(false, word)
    t.is(loop.turn(), 1)
  }
})

test('eager writer: what is handed over meanwhile has its own time', (t) => {
  const loop = opened(t)
  loop.want(true)
  loop.submit()
  loop.turn(6)
  loop.submit()
  t.true(loop.turn(6) === 6)
  loop.want(false)
  t.is(loop.turn(), 1)
})

test('eager writer: after an answer that did not come soon, the loop rests 64 times', (t) => {
  const loop = opened(t)
  loop.want(true)
  loop.submit()
  t.true(loop.turn() < 15)
  for (let nth = 0; nth < 64; nth += 1) {
    loop.submit()
    t.is(loop.turn(), 0)
  }
  loop.submit()
  t.true(loop.turn() > 0)
  t.is(loop.submitted, 66)
})
