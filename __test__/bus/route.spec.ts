import test from 'ava'
import { LocalBus } from '../../dist/bus/index.js'
import { excluding, including, NOBODY, routeOf } from '../../dist/bus/route.js'

test('a route is replaced, and its lists can never change', (t) => {
  const bus = new LocalBus()
  const low = bus.subscribe('a', () => {})
  const high = bus.subscribe('*', () => {}, { priority: 1 })
  const route = routeOf([low])
  const longer = including(route, high)
  t.deepEqual(longer.subscriptions, [high, low])
  t.deepEqual(longer.handlers, [high.handler, low.handler])
  t.deepEqual(route.subscriptions, [low])
  t.deepEqual(excluding(longer, high).subscriptions, [low])
  t.is(excluding(route, low), NOBODY)
  for (const each of [route, longer, NOBODY])
    t.true(Object.isFrozen(each.subscriptions) && Object.isFrozen(each.handlers))
})
