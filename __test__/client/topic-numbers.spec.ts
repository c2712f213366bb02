import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import test from 'ava'
import { BufferedMessageBusClient, MessageBus } from 'tickbus'
import { VirtualClock } from 'tickbus/testing'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

test('topics that come and go leave memory flat', async (t) => {
  const bus = new MessageBus({ topicCache: 100 })
  const clock = new VirtualClock()
  const client = await BufferedMessageBusClient.open(bus, { clock })
  let handled = 0
  await client.subscribe('*', () => (handled += 1), { group: 'g' })
  const round = (from: number): number => {
    for (let i = from; i < from + 50_000; i += 1) {
      bus.publish(`topic.${i}`, i)
      if (i % 500 === 0) clock.turn()
    }
    clock.turn()
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = round(0)
  const after = round(50_000)
  t.is(handled, 100_000)
  // 50,000 topics that were kept would take ten times as much.
  t.true(after - before < 2 ** 20, `${after - before} bytes`)
  await client.close()
  await bus.close()
})
