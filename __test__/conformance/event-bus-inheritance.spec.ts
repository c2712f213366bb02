// Names of any kind, and every way in which code makes emitters of its own.
import { EventEmitter } from 'node:events'
import { inherits } from 'node:util'
import { fc } from '@fast-check/ava'
import test from 'ava'
import { onBoth, subjects, turn } from './emitters.js'

const names = {
  'the empty string': '',
  blank: '  ',
  'a wildcard': 'a.*',
  'a question mark': '?',
  ['__proto__']: '__proto__',
  constructor: 'constructor',
  hasOwnProperty: 'hasOwnProperty',
  toString: 'toString',
  'a lone surrogate': '\ud800',
  'more than 255 bytes': 'é'.repeat(200),
  'a registered symbol': Symbol.for('tickbus.test'),
  'a symbol': Symbol('tickbus.test'),
  'a number': 7 as unknown as string,
}

for (const [title, name] of Object.entries(names)) {
  onBoth(`${title} is an event name like others`, (t, Emitter) => {
    const emitter = new Emitter()
    const seen: unknown[] = []
    t.false(emitter.emit(name))
    t.is(emitter.listenerCount(name), 0)
    const listener = (value: number) => seen.push(value)
    emitter.on(name, listener)
    t.true(emitter.emit(name, 1))
    t.deepEqual(emitter.eventNames(), [typeof name === 'number' ? '7' : name])
    emitter.off(name, listener)
    t.false(emitter.emit(name, 2))
    t.deepEqual(seen, [1])
  })
}

onBoth('a name with a wildcard is heard literally', (t, Emitter) => {
  const emitter = new Emitter()
  emitter.on('a.*', () => t.fail())
  emitter.on('?', () => t.fail())
  t.false(emitter.emit('a.b'))
  t.false(emitter.emit('x'))
})

onBoth('an object with a toString is a name by its text', (t, Emitter) => {
  const emitter = new Emitter()
  const name = { toString: () => 'event' } as unknown as string
  emitter.on(name, () => {})
  t.true(emitter.emit('event'))
  t.true(emitter.emit(name))
})

onBoth('a class extends it', (t, Emitter) => {
  class Feed extends Emitter {
    readonly symbol: string
    constructor(symbol: string) {
      super()
      this.symbol = symbol
    }
  }
  const feed = new Feed('BTCUSDT')
  const seen: unknown[] = []
  feed.on('tick', function (this: Feed, price) {
    seen.push(this.symbol, price)
  })
  feed.emit('tick', 1)
  t.deepEqual(seen, ['BTCUSDT', 1])
  t.true(feed instanceof Feed && feed instanceof Emitter && feed instanceof EventEmitter)
  t.is(feed.constructor, Feed)
  t.is((Feed as typeof EventEmitter).once, EventEmitter.once)
})

onBoth('a class overrides emit and on, and reaches the originals by super', (t, Emitter) => {
  const seen: unknown[] = []
  class Loud extends Emitter {
    override emit(name: string, ...args: unknown[]) {
      seen.push(`emit ${name}`)
      return super.emit(name, ...args)
    }
    override on(name: string, listener: (...args: unknown[]) => void) {
      seen.push(`on ${name}`)
      return super.on(name, listener)
    }
  }
  const loud = new Loud()
  loud.on('newListener', () => {})
  loud.on('event', () => seen.push('heard'))
  t.true(loud.emit('event'))
  t.deepEqual(seen, ['on newListener', 'on event', 'emit newListener', 'emit event', 'heard'])
})

onBoth('once goes through an overridden on, and emits removals through an overridden removeListener', (t, Emitter) => {
  const seen: string[] = []
  class Loud extends Emitter {
    override on(name: string, listener: (...args: unknown[]) => void) {
      seen.push('on')
      return super.on(name, listener)
    }
    override removeListener(name: string, listener: (...args: unknown[]) => void) {
      seen.push('removeListener')
      return super.removeListener(name, listener)
    }
  }
  const loud = new Loud()
  loud.once('event', () => seen.push('heard'))
  loud.emit('event')
  t.true(seen.includes('heard'))
  t.is(seen[0], 'on')
})

type OldStyle = new () => EventEmitter

onBoth('a function inherits from it by util.inherits and calls it on itself', (t, Emitter) => {
  const Feed = function (this: EventEmitter) {
    Emitter.call(this)
  } as unknown as OldStyle
  inherits(Feed, Emitter)
  const [one, two] = [new Feed(), new Feed()]
  one.on('event', () => {})
  t.true(one.emit('event'))
  t.false(two.emit('event'))
  t.true(one instanceof Emitter)
  t.is(Object.getPrototypeOf(Feed.prototype), Emitter.prototype)
})

onBoth('called on an object, it takes the options', async (t, Emitter) => {
  const Feed = function (this: EventEmitter) {
    Emitter.call(this, { captureRejections: true })
  } as unknown as OldStyle
  inherits(Feed, Emitter)
  const feed = new Feed()
  const seen: string[] = []
  feed.on('error', (error: Error) => seen.push(error.message))
  feed.on('event', async () => {
    throw new Error('kaboom')
  })
  feed.emit('event')
  await turn()
  t.deepEqual(seen, ['kaboom'])
})

onBoth('an emitter as prototype keeps its listeners to itself where the constructor runs again', (t, Emitter) => {
  const Feed = function (this: EventEmitter) {
    Emitter.call(this)
  } as unknown as OldStyle
  Feed.prototype = new Emitter()
  ;(Feed.prototype as EventEmitter).on('event', () => t.fail())
  t.false(new Feed().emit('event'))
})

onBoth('its prototype mixes into a class whose constructor never calls it', (t, Emitter) => {
  class Feed {
    readonly symbol = 'BTCUSDT'
  }
  Object.assign(Feed.prototype, Emitter.prototype)
  const [one, two] = [new Feed() as Feed & EventEmitter, new Feed() as Feed & EventEmitter]
  const seen: unknown[] = []
  t.false(one.emit('event'))
  t.is(
    one.on('event', function (this: unknown, value) {
      seen.push(this === one, value)
    }),
    one,
  )
  t.true(one.emit('event', 5))
  t.false(two.emit('event'))
  t.deepEqual(seen, [true, 5])
  t.deepEqual([one.listenerCount('event'), two.listenerCount('event')], [1, 0])
  t.throws(() => two.emit('error', new Error('whoops!')), { message: 'whoops!' })
})

onBoth('its prototype mixes into an object', (t, Emitter) => {
  const host = Object.assign({ name: 'host' }, Emitter.prototype)
  const seen: unknown[] = []
  host.once('event', () => seen.push(host.name))
  host.emit('event')
  t.deepEqual(seen, ['host'])
})

onBoth('its methods can be borrowed', (t, Emitter) => {
  const host = Object.create(null) as EventEmitter
  const seen: unknown[] = []
  Emitter.prototype.on.call(host, 'event', (value) => seen.push(value))
  t.true(Emitter.prototype.emit.call(host, 'event', 1))
  t.deepEqual(seen, [1])
})

onBoth('its methods can be replaced on an instance', (t, Emitter) => {
  const emitter = new Emitter()
  const { emit } = emitter
  const seen: unknown[] = []
  emitter.emit = function (name, ...args) {
    seen.push(name)
    return emit.call(this, name, ...args)
  }
  emitter.on('event', () => seen.push('heard'))
  t.true(emitter.emit('event'))
  t.deepEqual(seen, ['event', 'heard'])
})

onBoth('without new and without an object it throws', (t, Emitter) => {
  t.throws(() => (Emitter as unknown as () => void)(), { instanceOf: TypeError })
})

test('an instance has the properties of Node’s, in their order', (t) => {
  const own = Object.values(subjects).map((Emitter) => Reflect.ownKeys(new Emitter()).map(String))
  t.deepEqual(own[0], own[1])
  const methods = Object.values(subjects).map((Emitter) => Object.keys(Emitter.prototype))
  t.deepEqual(
    methods[0]!.filter((key) => !methods[1]!.includes(key)),
    [],
  )
})

test('every static member of Node’s is there', (t) => {
  const missing = Reflect.ownKeys(EventEmitter).filter((key) => !Reflect.has(subjects['EventBus']!, key))
  t.deepEqual(missing, [])
})

/** Plays a log of calls on an emitter and writes down everything that can be seen. */
function trace(emitter: EventEmitter, log: readonly Step[]): unknown[] {
  const seen: unknown[] = []
  const listeners = [0, 1, 2, 3].map((id) => (...args: unknown[]) => {
    seen.push([id, ...args])
    // Listener 2 adds, listener 3 removes: what changes during an emit is part of the trace.
    if (id === 2) emitter.once('a', listeners[0]!)
    if (id === 3) emitter.off('a', listeners[1]!)
  })
  emitter.setMaxListeners(0)
  emitter.on('removeListener', (name, listener) => seen.push(['removed', name, listeners.indexOf(listener)]))
  for (const { call, name, id } of log) {
    if (call === 'emit') seen.push(['emit', emitter.emit(name, id)])
    else if (call === 'removeAllListeners') emitter.removeAllListeners(name)
    else emitter[call](name, listeners[id]!)
    seen.push(emitter.eventNames().map((known) => [known, emitter.listenerCount(known)]))
  }
  return seen
}

interface Step {
  call: 'on' | 'once' | 'off' | 'prependListener' | 'prependOnceListener' | 'emit' | 'removeAllListeners'
  name: string
  id: number
}

test('any log of calls leaves the same trace on Node’s and on ours', (t) => {
  const step = fc.record<Step>({
    call: fc.constantFrom(
      'on',
      'once',
      'off',
      'prependListener',
      'prependOnceListener',
      'emit',
      'emit',
      'removeAllListeners',
    ),
    name: fc.constantFrom('a', 'b', '', 'a*'),
    id: fc.nat({ max: 3 }),
  })
  const isSame = (log: readonly Step[]) => {
    const [nodes, ours] = Object.values(subjects).map((Emitter) => trace(new Emitter(), log))
    t.deepEqual(ours, nodes)
  }
  t.notThrows(() => fc.assert(fc.property(fc.array(step, { maxLength: 40 }), isSame), { numRuns: 200 }))
})
