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
}
