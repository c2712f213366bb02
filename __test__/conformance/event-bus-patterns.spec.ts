// What EventBus adds to an EventEmitter: listeners by pattern.
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { inherits } from 'node:util'
import test from 'ava'
import { EventBus } from 'tickbus'
import { run } from '../cli/command.js'
import { backends, codeOf } from './backends.js'
import { turn } from './emitters.js'

test('a pattern listener gets the name and the arguments, and the emitter as this', (t) => {
  const bus = new EventBus()
  const seen: unknown[] = []
  bus.onPattern('tick.*', function (...args) {
    seen.push(this === bus, ...args)
  })
  t.true(bus.emit('tick.BTC', 1, { size: 2 }))
  t.deepEqual(seen, [true, 'tick.BTC', 1, { size: 2 }])
})

test('emit says false where neither a name nor a pattern fits', (t) => {
  const bus = new EventBus().onPattern('tick.*', () => t.fail())
  t.false(bus.emit('trade.BTC'))
})

test('pattern listeners run after those of the name, in the order in which they came', (t) => {
  const bus = new EventBus()
  const seen: string[] = []
  bus.onPattern('b*', () => seen.push('b*'))
  bus.onPattern('*', () => seen.push('*'))
  bus.onPattern('b?r', () => seen.push('b?r'))
  bus.on('bar', () => seen.push('bar'))
  bus.emit('bar')
  t.deepEqual(seen, ['bar', 'b*', '*', 'b?r'])
})

test('a pattern without a wildcard fits its own text', (t) => {
  const bus = new EventBus()
  const seen: string[] = []
  bus.onPattern('bar', (name) => seen.push(name))
  bus.emit('bar')
  bus.emit('bart')
  t.deepEqual(seen, ['bar'])
})

test('the name that is a pattern’s own text fits it like any other', (t) => {
  const bus = new EventBus()
  const seen: string[] = []
  bus.onPattern('a.*', (name) => seen.push(name))
  bus.emit('a.*')
  t.deepEqual(seen, ['a.*'])
})

test('the empty name, a name of more than 255 bytes and a lone surrogate fit "*"', (t) => {
  const bus = new EventBus()
  const names = ['', 'é'.repeat(200), '\ud800']
  const seen: string[] = []
  bus.onPattern('*', (name) => seen.push(name))
  for (const name of names) bus.emit(name)
  t.deepEqual(seen, names)
})

test('symbols fit no pattern', (t) => {
  const bus = new EventBus().onPattern('*', () => t.fail())
  t.false(bus.emit(Symbol('tick')))
})

test('newListener and removeListener fit no pattern', (t) => {
  const bus = new EventBus().onPattern('*', () => t.fail())
  bus.on('newListener', () => {}).on('removeListener', () => {})
  const listener = () => {}
  bus.on('event', listener).off('event', listener)
  t.false(new EventBus().onPattern('*Listener', () => t.fail()).emit('newListener'))
})

test('the same pair twice is called twice, and taken away one at a time', (t) => {
  const bus = new EventBus()
  let calls = 0
  const listener = () => (calls += 1)
  bus.onPattern('*', listener).onPattern('*', listener)
  bus.emit('event')
  t.is(calls, 2)
  bus.offPattern('*', listener)
  bus.emit('event')
  t.is(calls, 3)
  bus.offPattern('*', listener)
  t.false(bus.emit('event'))
})

test('offPattern takes away the latest of equal pairs', (t) => {
  const bus = new EventBus()
  const seen: string[] = []
  const listener = () => seen.push('pair')
  bus.onPattern('*', listener)
  bus.onPattern('*', () => seen.push('other'))
  bus.onPattern('*', listener).offPattern('*', listener)
  bus.emit('event')
  t.deepEqual(seen, ['pair', 'other'])
})

test('offPattern of what is not there changes nothing', (t) => {
  const bus = new EventBus()
  const listener = () => {}
  t.is(bus.offPattern('*', listener), bus)
  bus.onPattern('a*', listener).offPattern('*', listener)
  t.true(bus.emit('a'))
})

test('changes made by a listener count from the next emit', (t) => {
  const bus = new EventBus()
  const seen: string[] = []
  const doomed = () => seen.push('doomed')
  bus.once('event', () => {
    bus.offPattern('*', doomed)
    bus.onPattern('*', () => seen.push('late'))
  })
  bus.onPattern('*', doomed)
  bus.emit('event')
  t.deepEqual(seen, ['doomed'])
  bus.emit('event')
  t.deepEqual(seen, ['doomed', 'late'])
})

test('a new pattern hears names that were emitted before', (t) => {
  const bus = new EventBus()
  const seen: string[] = []
  bus.onPattern('b*', () => {})
  bus.emit('a')
  bus.onPattern('a*', (name) => seen.push(name))
  bus.emit('a')
  t.deepEqual(seen, ['a'])
})

test('a name is heard as before after ten thousand others', (t) => {
  const bus = new EventBus()
  let calls = 0
  bus.onPattern('keep.*', () => (calls += 1))
  bus.emit('keep.1')
  for (let i = 0; i < 10_000; i += 1) bus.emit(`other.${i}`)
  t.true(bus.emit('keep.1'))
  t.is(calls, 2)
})

test('an error event without a literal listener throws, and no pattern listener hears it', (t) => {
  const bus = new EventBus().onPattern('*', () => t.fail())
  t.throws(() => bus.emit('error', new Error('whoops!')), { message: 'whoops!' })
})

test('an error event with a literal listener is heard by patterns, too', (t) => {
  const bus = new EventBus()
  const seen: string[] = []
  bus.on('error', () => seen.push('literal'))
  bus.onPattern('err*', (name, error: Error) => seen.push(`${name} ${error.message}`))
  t.true(bus.emit('error', new Error('whoops!')))
  t.deepEqual(seen, ['literal', 'error whoops!'])
})

test('a pattern listener that throws stops the later ones, and emit throws the same', (t) => {
  const bus = new EventBus()
  bus.onPattern('*', () => {
    throw new Error('boom')
  })
  bus.onPattern('*', () => t.fail())
  t.throws(() => bus.emit('event'), { message: 'boom' })
})

const rejects = async () => {
  throw new Error('kaboom')
}

test('captureRejections covers pattern listeners, also those from before it became the default', async (t) => {
  EventBus.captureRejections = true
  const byDefault = new EventBus()
  EventBus.captureRejections = false
  const seen: string[] = []
  for (const bus of [byDefault, new EventBus({ captureRejections: true })]) {
    bus.onPattern('e*t', rejects)
    bus.on('error', (error: Error) => seen.push(error.message))
    bus.emit('event')
  }
  await turn()
  t.deepEqual(seen, ['kaboom', 'kaboom'])
})

test('a captured rejection of a pattern listener goes to the method nodejs.rejection, where there is one', async (t) => {
  const seen: unknown[] = []
  class Host extends EventBus {
    override [EventBus.captureRejectionSymbol](error: Error, name: string, ...args: unknown[]) {
      seen.push(error.message, name, ...args)
    }
  }
  new Host({ captureRejections: true }).onPattern('*', rejects).emit('event', 1, 'two')
  await turn()
  t.deepEqual(seen, ['kaboom', 'event', 1, 'two'])
})

test('a pattern listener of error that rejects is not captured for ever', async (t) => {
  const program = `import { EventBus } from 'tickbus'
    process.on('unhandledRejection', (error) => console.log('unhandled', error.message))
    const bus = new EventBus({ captureRejections: true })
    bus.on('error', (error) => console.log('error', error.message))
    bus.onPattern('*', async (name) => { throw new Error(name) })
    bus.emit('event')`
  const { code, stdout, stderr } = await run(['--input-type=module', '-e', program])
  t.is(code, 0, stderr)
  t.is(stdout, 'error event\nunhandled error\n')
})

test('removeAllListeners takes pattern listeners away, that of a name does not', (t) => {
  const bus = new EventBus().onPattern('*', () => {})
  bus.removeAllListeners('event')
  t.true(bus.emit('event'))
  t.is(bus.removeAllListeners(), bus)
  t.false(bus.emit('event'))
})

test('lists and counts of listeners are about names, not patterns', (t) => {
  const bus = new EventBus().onPattern('event', () => {})
  t.deepEqual(bus.eventNames(), [])
  t.deepEqual(bus.listeners('event'), [])
  t.is(bus.listenerCount('event'), 0)
})

test('what is no pattern and what is no function is refused, and changes nothing', (t) => {
  const bus = new EventBus()
  const on = (pattern: unknown, listener: unknown) => () => bus.onPattern(pattern as string, listener as () => void)
  for (const pattern of ['', '  ', 'x'.repeat(256), undefined, 5, Symbol('a')]) {
    t.is(codeOf(on(pattern, () => {})), 'TICKBUS_PATTERN')
  }
  for (const listener of [undefined, null, 'text', {}]) t.is(codeOf(on('*', listener)), 'TICKBUS_HANDLER')
  t.false(bus.emit('event'))
})

test('a mixed-in emitter whose constructor never ran listens by pattern, each for itself', (t) => {
  class Feed {
    readonly symbol = 'BTCUSDT'
  }
  Object.assign(Feed.prototype, EventBus.prototype)
  const [one, two] = [new Feed() as Feed & EventBus, new Feed() as Feed & EventBus]
  const seen: unknown[] = []
  t.false(one.emit('tick.1'))
  t.is(
    one.onPattern('tick.*', (name) => seen.push(name)),
    one,
  )
  t.true(one.emit('tick.1'))
  t.false(two.emit('tick.1'))
  t.deepEqual(seen, ['tick.1'])
})

test('an emitter as prototype keeps its pattern listeners to itself where the constructor runs again', (t) => {
  const Feed = function (this: EventBus) {
    EventBus.call(this)
  } as unknown as new () => EventBus
  inherits(Feed, EventBus)
  Feed.prototype = new EventBus().onPattern('*', () => t.fail())
  t.false(new Feed().emit('event'))
})

test('the constructor called once more keeps the pattern listeners, and takes the new options', async (t) => {
  const bus = new EventBus()
  const seen: string[] = []
  bus.onPattern('*', async (name) => {
    seen.push(name)
    if (name === 'event') throw new Error('kaboom')
  })
  EventBus.call(bus, { captureRejections: true })
  bus.on('error', () => {})
  t.true(bus.emit('event'))
  await turn()
  t.deepEqual(seen, ['event', 'error'])
})

test('a class that overrides emit reaches pattern listeners by super', (t) => {
  const seen: string[] = []
  class Renamed extends EventBus {
    override emit(name: string, ...args: unknown[]) {
      return super.emit(`x.${name}`, ...args)
    }
  }
  t.true(new Renamed().onPattern('x.*', (name) => seen.push(name)).emit('event'))
  t.deepEqual(seen, ['x.event'])
})

test('pattern listeners leave no trace in what can be enumerated', (t) => {
  const [plain, patterned] = [new EventBus(), new EventBus().onPattern('*', () => {})]
  t.deepEqual(Object.keys(patterned), Object.keys(plain))
  t.deepEqual(Object.getOwnPropertySymbols({ ...patterned }), Object.getOwnPropertySymbols({ ...plain }))
})

test('events.once still waits for the name alone', async (t) => {
  const bus = new EventBus()
  const promise = once(bus, 'tick.*')
  bus.emit('tick.1', 'not this')
  bus.emit('tick.*', 'this')
  t.deepEqual(await promise, ['this'])
})

const table: Record<string, string[]> = {
  'a.b': ['*', 'a.*', 'a.?', '*b', 'a*b'],
  'a.b.c': ['*', 'a.*', 'a.???'],
  'a.': ['*', 'a.*'],
  A: ['*'],
  '': ['*'],
  'a.é': ['*', 'a.*', 'a.??'],
  'a.\ud800': ['*', 'a.*', 'a.???', 'a.\ufffd'],
}
const patterns = ['*', 'a.*', 'a.?', 'a.??', 'a.???', 'a.\ufffd', '*b', 'a*b']

for (const backend of backends) {
  test(`patterns are the one glob, over bytes [${backend}]`, async (t) => {
    const fixture = fileURLToPath(new URL('fixtures/event-bus-patterns.mjs', import.meta.url))
    const input = JSON.stringify({ patterns, names: Object.keys(table) })
    const { stdout, stderr } = await run([fixture, input], { TICKBUS_BACKEND: backend })
    t.deepEqual(JSON.parse(stdout || stderr), { backend, byName: Object.values(table) })
  })
}
