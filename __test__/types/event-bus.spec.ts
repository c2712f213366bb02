import test from 'ava'
import { faultsOf } from './compile.js'

const right = {
  'code for an untyped emitter': `
    import { EventBus as EventEmitter } from 'tickbus'
    const emitter = new EventEmitter({ captureRejections: true })
    emitter.on('event', (a, b) => a.foo + b).once(Symbol('s'), () => {}).prependListener('event', () => 1)
    const heard: boolean = emitter.emit('event', 1, 'two')
    const names: (string | symbol)[] = emitter.eventNames()
    const count: number = emitter.listenerCount('event') + EventEmitter.defaultMaxListeners
    const [value] = await EventEmitter.once(emitter, 'event', { signal: AbortSignal.abort() })
    for await (const [item] of EventEmitter.on(emitter, 'event')) console.log(item, value, heard, names, count)
  `,
  'a typed emitter': `
    import { EventBus as EventEmitter } from 'tickbus'
    const emitter = new EventEmitter<{ tick: [price: number]; done: [] }>()
    emitter.on('tick', (price) => price.toFixed())
    emitter.emit('tick', 1)
    emitter.emit('done')
  `,
  'a typed emitter whose events are an interface': `
    import { EventBus } from 'tickbus'
    interface Events { tick: [price: number] }
    class Feed extends EventBus<Events> {
      constructor() { super({ captureRejections: true }) }
      send() { return this.emit('tick', 1) }
    }
    new Feed().on('tick', (price) => price.toFixed()).send()
  `,
  'it goes where an EventEmitter is asked for': `
    import { EventEmitter, once } from 'node:events'
    import { EventBus } from 'tickbus'
    const emitter: EventEmitter = new EventBus()
    const general: NodeJS.EventEmitter = emitter
    const typed: EventEmitter<{ tick: [number] }> = new EventBus<{ tick: [number] }>()
    await Promise.all([once(emitter, 'a'), once(general, 'b'), once(new EventBus(), 'c')])
    export { typed }
  `,
  'constructor functions, mixing in and symbols': `
    import { inherits } from 'node:util'
    import { EventBus } from 'tickbus'
    function Feed(this: EventBus) { EventBus.call(this) }
    inherits(Feed, EventBus)
    class Mixed {}
    Object.assign(Mixed.prototype, EventBus.prototype)
    class Host extends EventBus {
      override [EventBus.captureRejectionSymbol](error: Error) { console.log(error.message) }
    }
    new Host().on(EventBus.errorMonitor, () => {})
    new EventBus.EventEmitter().setMaxListeners(5)
    new EventBus.EventEmitterAsyncResource({ name: 'q' }).emitDestroy()
    EventBus.captureRejections = false
  `,
  'a pattern listener gets a name and anything': `
    import { EventBus } from 'tickbus'
    new EventBus().onPattern('a.*', function (name, price, size) { this.emit(name.trim(), price + size) }).offPattern('a', () => {})
  `,
  'a pattern listener of a typed emitter gets its names and arguments': `
    import { EventBus } from 'tickbus'
    const bus = new EventBus<{ tick: [price: number]; note: [text: string] }>()
    bus.onPattern('*', (...event) => {
      if (event[0] === 'tick') event[1].toFixed()
      else event[1].trim()
    })
  `,
}

const wrong = {
  'an event that a typed emitter does not have': [`new EventBus<{ tick: [number] }>().emit('tock', 1)`, 'TS2345'],
  'arguments of another type': [`new EventBus<{ tick: [number] }>().emit('tick', 'one')`, 'TS2345'],
  'a listener of other arguments': [`new EventBus<{ tick: [number] }>().on('tick', (text: string) => text)`, 'TS2345'],
  'a pattern listener of other names': [
    `new EventBus<{ tick: [number] }>().onPattern('*', (name: 'tock') => name)`,
    'TS2345',
  ],
  'a pattern that is no text': [`new EventBus().onPattern(Symbol('a'), () => {})`, 'TS2345'],
  'an option that does not exist': [`new EventBus({ captureRejection: true })`, 'TS2561'],
} as const

const snippets = [
  ...Object.values(right),
  ...Object.values(wrong).map(([line]) => `import { EventBus } from 'tickbus'\n${line}`),
]
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
