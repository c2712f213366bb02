// What the type checker makes of a schema: each snippet says which type a topic or a pattern has, or what must not compile.
import test from 'ava'
import { fc } from '@fast-check/ava'
import { json, topics } from 'tickbus'
import { faultsOf } from './compile.js'

const head = `
import { MessageBus, type MessageOf, type TopicOptions, type Topic, Bar, Priority, Quote, Trade, type BarLike, type DepthLike,
  type QuoteLike, type TradeLike, bar, bytes, depth, json, msgpack, quote, record, topics, trade } from 'tickbus'

interface Order { id: string; instrumentId: string }
interface Status { up: boolean }
const schema = topics({
  'data.quotes.{venue}.{symbol}': quote({ slowReader: 'wait' }),
  'data.trades.{venue}.{symbol}': trade(),
  'data.bars.{venue}.{symbol}': bar(),
  'data.depth.{venue}.{symbol}': depth(),
  'orders.{id}': json<Order>({ delivery: 'at-least-once', priority: Priority.HIGH, key: (order) => order.instrumentId }),
  'orders.status': msgpack<Status>(),
  'orders.{id}.fills': record({ price: 'f64', count: 'u32', id: 'u64', at: 'ns', live: 'bool', symbol: 'text(12)' }),
  'raw.{name}': bytes(),
})
const bus = new MessageBus({ schema })
type Definition = typeof schema.definition
type Of<Name extends string> = MessageOf<Definition, Name>
interface Fill { price: number; count: number; id: bigint; at: bigint; live: boolean; symbol: string }
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function same<A, B>(_equal: Same<A, B>): void {}
export { MessageBus, type TopicOptions, type Topic, Bar, Priority, Quote, Trade, type BarLike, type DepthLike, type QuoteLike, type TradeLike,
  bar, bytes, depth, json, msgpack, quote, record, topics, trade, bus, same, type Of, type Fill, type Order, type Status }
`

const right = {
  'a topic takes the template that fits': `
    same<Of<'data.quotes.BINANCE.BTCUSDT'>, QuoteLike>(true)
    same<Of<'data.trades.BINANCE.BTCUSDT'>, TradeLike>(true)
    same<Of<'data.bars.BINANCE.BTCUSDT'>, BarLike>(true)
    same<Of<'data.depth.BINANCE.BTCUSDT'>, DepthLike>(true)
    same<Of<'raw.x'>, Uint8Array>(true)
  `,
  'the last parameter takes the rest, the others one segment': `
    same<Of<'data.quotes.NYSE.BRK.B'>, QuoteLike>(true)
    same<Of<'data.quotes.NYSE'>, any>(true)
    same<Of<'orders.O-1.x'>, Order>(true)
    same<Of<'data.quotes..B'>, any>(true)
    same<Of<'orders.'>, any>(true)
  `,
  'text wins over a parameter, a longer template over a rest': `
    same<Of<'orders.status'>, Status>(true)
    same<Of<'orders.O-1'>, Order>(true)
    same<Of<'orders.O-1.fills'>, Fill>(true)
    same<Of<'orders.status.fills'>, Fill>(true)
  `,
  'a pattern takes all templates that it may match': `
    same<Of<'data.quotes.*'>, QuoteLike>(true)
    same<Of<'data.*.BTCUSDT'>, QuoteLike | TradeLike | BarLike | DepthLike>(true)
    same<Of<'orders.*s'>, Order | Status | Fill>(true)
    same<Of<'*.fills'>, QuoteLike | TradeLike | BarLike | DepthLike | Order | Fill | Uint8Array>(true)
    same<Of<'alerts.*'>, any>(true)
  `,
  'free-form topics and names that are not known stay free': `
    same<Of<'alerts.x'>, any>(true)
    same<Of<string>, any>(true)
    bus.publish('alerts.x', { anything: true })
    bus.publish('data.' + 'x', 5)
    bus.subscribe('alerts.*', (alert: { level: number }) => alert.level)
    bus.subscribe('alerts.x', (alert) => alert.level)
    new MessageBus().publish('data.quotes.X.Y', 5)
    new MessageBus().subscribe('a', (n: number) => n.toFixed())
  `,
  'a name made of parts takes what surely fits': `
    const venue: string = 'X'
    bus.publish(\`data.quotes.\${venue}.BTCUSDT\`, { bidPrice: 1, askPrice: 2, bidSize: 3, askSize: 4, tsEvent: 5n })
    same<Of<\`data.quotes.\${string}.BTCUSDT\`>, QuoteLike>(true)
  `,
  'handlers and handles know their messages': `
    bus.subscribe('data.quotes.BINANCE.*', (tick, topic) => console.log(topic.length, tick.askPrice - tick.bidPrice))
    const btc = bus.topic('data.quotes.BINANCE.BTCUSDT')
    same<typeof btc, Topic<QuoteLike>>(true)
    btc.publish({ bidPrice: 1, askPrice: 2, bidSize: 3, askSize: 4, tsEvent: 5n })
    bus.publish('orders.O-1.fills', { price: 1, count: 2, id: 3n, at: 4n, live: true, symbol: 'X' })
  `,
  'a handler may expect more than the schema says': `
    bus.subscribe('data.quotes.*', (tick: Quote) => tick.eventNs)
    bus.subscribe('data.*', (tick: Quote | Trade) => tick.eventNs)
    bus.subscribe('data.bars.X.Y', (latest: Bar) => latest.close)
  `,
  'whoever names the type gets it': `
    interface Tick { n: number }
    bus.subscribe<Tick>('data.quotes.*', (tick) => tick.n)
    bus.topic<Tick>('x').publish({ n: 1 })
    new MessageBus().subscribe<Tick>('a.*', ({ n }, topic) => topic + n)
  `,
  'a schema whose templates are not known when types are checked is free': `
    const made = topics(Object.fromEntries(['a', 'b'].map((name) => [name, json()])))
    new MessageBus({ schema: made }).subscribe('a', (message) => message.anything)
    new MessageBus({ schema: made }).publish('a.b', { anything: true })
  `,
  'a typed bus and a typed schema go where any is taken': `
    const close = (bus: MessageBus) => bus.close()
    void close(bus)
    void MessageBus.attach(undefined, { schema }).then((other) => same<typeof other, typeof bus>(true))
    const listen = (bus: MessageBus) => bus.subscribe('a', (n: number) => n)
    listen(bus)
  `,
}

const tick = `{ bidPrice: 1, askPrice: 2, bidSize: 3, askSize: 4, tsEvent: 5n }`
const wrong = {
  'a quote where a trade travels': [`bus.publish('data.trades.X.Y', ${tick})`, 'TS2353'],
  'text for a price': [`bus.publish('data.quotes.X.Y', { ...${tick}, bidPrice: '1' })`, 'TS2322'],
  'a record without one of its fields': [`bus.topic('orders.1.fills').publish({ price: 1 })`, 'TS2345'],
  'a number for a bigint of a record': [
    `bus.publish('orders.1.fills', { price: 1, count: 2, id: 3, at: 4n, live: true, symbol: 'X' })`,
    'TS2322',
  ],
  'a handler of something else': [`bus.subscribe('data.quotes.*', (text: string) => text.length)`, 'TS2345'],
  'a field that a message does not have': [`bus.subscribe('data.quotes.*', (tick) => tick.price)`, 'TS2339'],
  'text where bytes travel': [`bus.publish('raw.x', 'text')`, 'TS2345'],
  'a field type that does not exist': [`record({ price: 'float' })`, 'TS2322'],
  'a delivery that does not exist': [`json({ delivery: 'maybe' })`, 'TS2322'],
  'a priority out of range': [`json({ priority: 4 })`, 'TS2322'],
  'a key of something that is not there': [`record({ price: 'f64' }, { key: (message) => message.symbol })`, 'TS2339'],
  'an option that does not exist': [`bar({ lane: 1 })`, 'TS2353'],
  'a type that is none': [`topics({ a: 'quote' })`, 'TS2322'],
} as const

const segment = fc.constantFrom('a', 'b', '{}')
const template = fc
  .array(segment, { minLength: 1, maxLength: 4 })
  .map((segments) => segments.map((text, i) => (text === '{}' ? `{p${i}}` : text)).join('.'))
const topic = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 5 }).map((s) => s.join('.'))

/** A schema in which each message says which template it belongs to, and what `typeOf` makes of some topics. */
const agreeing = fc
  .sample(
    fc.tuple(
      fc.uniqueArray(template, { minLength: 5, maxLength: 12 }),
      fc.uniqueArray(topic, { minLength: 10, maxLength: 30 }),
    ),
    { numRuns: 12, seed: 1 },
  )
  .map(([templates, names]) => {
    const types = templates.map((text) => [text, json()] as const)
    const schema = topics(Object.fromEntries(types))
    const winner = (name: string) => types.find(([, type]) => type === schema.typeOf(name))?.[0]
    const wanted = (name: string) => (winner(name) === undefined ? 'any' : JSON.stringify(winner(name)))
    return `
      const sampled = topics({ ${templates.map((text) => `'${text}': json<'${text}'>()`).join(', ')} })
      type At<Name extends string> = MessageOf<typeof sampled.definition, Name>
      ${names.map((name) => `same<At<'${name}'>, ${wanted(name)}>(true)`).join('\n      ')}
    `
  })

const snippets = [...Object.values(right), ...Object.values(wrong).map(([line]) => line), ...agreeing]
const faults = faultsOf(snippets.map((snippet) => head + snippet))

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

test('the type checker finds the template that typeOf finds', (t) => {
  for (const [i, found] of faults.slice(-agreeing.length).entries()) t.deepEqual(found, [], agreeing[i])
})
