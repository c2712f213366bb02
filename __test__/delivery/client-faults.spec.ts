/** What a client with a journal does when the disk is full or fails. */
import test from 'ava'
import { play, shimmed } from './shim.js'

for (const backend of shimmed) {
  test(`a full disk holds back what is journalled and nothing else, and nothing is lost [${backend}]`, async (t) => {
    const seen = await play(t, 'journalled-faults.mjs', backend, 'full')
    t.deepEqual(seen, {
      accepted: true,
      others: ['accepted', 'accepted'],
      whileFull: { isTaken: false, orders: 1 },
      ticks: 2,
      state: 'full',
      missing: 0,
    })
  })

  test(`after a failed sync nobody is told that his message is safe, nor gets it as such [${backend}]`, async (t) => {
    const seen = await play(t, 'journalled-faults.mjs', backend, 'fail')
    t.deepEqual(seen, {
      failing: ['TICKBUS_JOURNAL_SYNC', 'TICKBUS_JOURNAL_SYNC'],
      later: ['done', 'done'],
      got: [0, 2, 3, 4],
      again: [1],
    })
  })

  test(`a drain says what lies in a journal whose disk has failed, and does not wait for it [${backend}]`, async (t) => {
    const seen = await play(t, 'journalled-faults.mjs', backend, 'broken')
    const left = { queued: 0, inFlight: 0, journalled: 2 }
    const closed = 'TICKBUS_JOURNAL_UNWRITTEN'
    const drained = { complete: false, ...left, groups: { g: left } }
    t.deepEqual(seen, { drained, state: 'failed', drainedAgain: drained, got: [0], closed, again: [1] })
  })

  test(`a signal ends the process with 1 where messages are left in a journal whose disk has failed [${backend}]`, async (t) => {
    const seen = await play(t, 'journalled-faults.mjs', backend, 'signal', 1)
    t.deepEqual(seen, { reason: '2 messages were left in a journal' })
  })
}
