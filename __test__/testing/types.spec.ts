import test from 'ava'
import { faultsOf } from '../types/compile.js'

const head = `
import { MessageBus, json, topics } from 'tickbus'
import { collect, openTestBus } from 'tickbus/testing'
const schema = topics({ 'orders.{id}': json<{ quantity: number }>() })
const bus = new MessageBus({ schema })
const test = openTestBus({ schema })
export { bus, collect, test }
`

const right = `
export const orders: { quantity: number }[] = [...collect(bus, 'orders.*').messages, ...test.collect('orders.*').messages]
export const stated: string[] = [...collect<string>(bus, 'alerts.*').messages, ...test.collect<string>('alerts.*').messages]
export const plain: string[] = [
  ...collect<string>(new MessageBus(), 'alerts.*').messages,
  ...openTestBus().collect<string>('alerts.*').messages,
]
`

const wrong = [
  "export const orders: string[] = collect(bus, 'orders.*').messages",
  "export const orders: string[] = test.collect('orders.*').messages",
]

const [none, ...faults] = faultsOf([right, ...wrong].map((text) => head + text))

test('what is collected is of the type that the schema says, or that is stated', (t) => {
  t.deepEqual(none, [])
})

for (const [i, text] of wrong.entries()) {
  test(`does not compile: ${text}`, (t) => {
    t.is(faults[i]!.length, 1)
    t.regex(faults[i]![0]!, /^TS2322/)
  })
}
