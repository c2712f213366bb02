import test from 'ava'
import { faultsOf } from './compile.js'

const right = {
  'a handler gets what it says it expects': `
    import { MessageBus, Quote, quote, topics } from 'tickbus'
    const bus = new MessageBus({ schema: topics({ 'data.quotes.{venue}.{symbol}': quote({ slowReader: 'wait' }) }) })
    bus.subscribe('data.quotes.*', (tick: Quote, topic) => console.log(topic.length, tick.askPrice - tick.bidPrice))
  `,
  'a subscription ends with its scope': `
    import { MessageBus } from 'tickbus'
    using subscription = new MessageBus().subscribe('a.*', () => {}, { priority: 1, signal: AbortSignal.abort() })
    subscription.unsubscribe()
  `,
  'a quote can be published as a plain object': `
    import { MessageBus, type QuoteLike } from 'tickbus'
    const topic = new MessageBus().topic<QuoteLike>('data.quotes.X.Y')
    topic.publish({ bidPrice: 1, askPrice: 2, bidSize: 3, askSize: 4, tsEvent: 5n })
  `,
  'the codes of errors are known': `
    import { TickbusError, codes } from 'tickbus'
    const isClosed = (error: unknown) => error instanceof TickbusError && error.code === 'TICKBUS_CLOSED'
    const text: string = codes.TICKBUS_CLOSED
    export { isClosed, text }
  `,
  'a market can be opened on the bus’s epoch': `
    import { MessageBus } from 'tickbus'
    import { RecordedMarket } from 'tickbus/market'
    const market = await RecordedMarket.open(['x.gz'])
    new MessageBus({ epoch: market.epochNs })
  `,
}

const wrong = {
  'a handler that is no function': [`new MessageBus().subscribe('a', 1)`, 'TS2345'],
  'a backend that does not exist': [`new MessageBus({ backend: 'wasm' })`, 'TS2322'],
  'a polling that does not exist': [`new MessageBus({ polling: 'sometimes' })`, 'TS2322'],
  'an option that does not exist': [`new MessageBus({ rings: 4 })`, 'TS2353'],
  'an epoch that is no bigint': [`new MessageBus({ epoch: Date.now() })`, 'TS2322'],
  'a slow reader’s policy that does not exist': [`quote({ slowReader: 'block' })`, 'TS2322'],
  'a quote with text for a price': [
    `new MessageBus().topic<QuoteLike>('a').publish({ bidPrice: '1', askPrice: 2, bidSize: 3, askSize: 4, tsEvent: 5n })`,
    'TS2322',
  ],
  'an error code that does not exist': [`new TickbusError('TICKBUS_OOPS')`, 'TS2345'],
  'a backend compared with something else': [`if (backend === 'wasm') throw new Error()`, 'TS2367'],
} as const

const imports = `import { MessageBus, type QuoteLike, TickbusError, backend, quote } from 'tickbus'
export { type QuoteLike, MessageBus, TickbusError, backend, quote }
`
const snippets = [...Object.values(right), ...Object.values(wrong).map(([line]) => imports + line)]
const faults = faultsOf(snippets)

for (const [i, title] of Object.keys(right).entries()) {
  test(`compiles: ${title}`, (t) => {
    t.deepEqual(faults[i], [])
  })
}

for (const [i, [title, [, code]]] of Object.entries(wrong).entries()) {
  test(`does not compile: ${title}`, (t) => {
    const found = faults[Object.keys(right).length + i]!
    t.deepEqual(
      found.map((fault) => fault.split(':')[0]),
      [code],
      found.join('\n'),
    )
  })
}
