import test from 'ava'
import { Restarts } from '../../dist/client/scaling/index.js'

test('the first dead thread is replaced at once, others after longer and longer waits, the sixth not at all', (t) => {
  const restarts = new Restarts(() => 0.5)
  const waits = Array.from({ length: 7 }, (_, i) => restarts.next(1_000 * i))
  t.deepEqual(waits, [0, 100, 200, 400, 800, undefined, undefined])
})

test('what is 30 s ago counts no more', (t) => {
  const restarts = new Restarts(() => 0.5)
  for (let i = 0; i < 5; i += 1) restarts.next(i)
  t.is(restarts.next(29_999), undefined)
  t.is(restarts.next(30_000), 800)
  t.is(restarts.next(90_000), 0)
})

test('chance moves a wait by a fifth at most', (t) => {
  const waits = [0, 1].map((chance) => {
    const restarts = new Restarts(() => chance)
    restarts.next(0)
    return restarts.next(0)
  })
  t.deepEqual(waits, [80, 120])
})
