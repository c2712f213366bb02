// What a thread of a group has in hand.
import test from 'ava'
import { viewsOf } from '../../dist/bus/index.js'
import { ThreadWork, type ThreadWorkOptions } from '../../dist/client/threads/thread-work.js'
import {
  ENVELOPE_BYTES,
  OUTCOME_RETURNED,
  PORT_WORD_LEASE_LIST,
  PORT_WORD_LEASED,
  PORT_WORD_SETTLE_LIST,
  PORT_WORD_SETTLED,
  PORT_WORDS,
} from '../../dist/layout.js'

test('what comes as a thread goes to rest, and finds no slot any more, goes back', (t) => {
  const page = new SharedArrayBuffer(4 * PORT_WORDS)
  const words = new Uint32Array(page)
  const returned: number[] = []
  const leases = [[7], []]
  const port = {
    turn() {
      for (let i = 0; i < words[PORT_WORD_SETTLED]!; i += 1) returned.push(words[PORT_WORD_SETTLE_LIST + 2 * i]!)
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
  const envelopes = viewsOf(new SharedArrayBuffer(16 * ENVELOPE_BYTES))
  const work = new ThreadWork({ envelopes, page, port, priorities: [0], urgent: 1 } as unknown as ThreadWorkOptions)
  t.false(work.rest())
  t.is(work.inHand, 1)
  // The next turn finds no free slot and asks for nothing: there are fewer slots than when it went to rest.
  t.true(work.rest())
  t.deepEqual(returned, [7 | (OUTCOME_RETURNED << 24)])
  t.is(work.inHand, 0)
})
