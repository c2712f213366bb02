// Settings, warnings and static members, as the documentation of node:events (v20) describes them.
import { AsyncLocalStorage, executionAsyncId } from 'node:async_hooks'
import { EventEmitter, getEventListeners, on, once } from 'node:events'
import { onBoth, turn, warningsOf } from './emitters.js'

const add = (emitter: EventEmitter, name: string | symbol, count: number) => {
  for (let i = 0; i < count; i += 1) emitter.on(name, () => {})
}

onBoth('more than ten listeners of a name bring one warning that says which', async (t, Emitter) => {
  const emitter = new Emitter()
  const warnings = await warningsOf(() => add(emitter, 'event', 13))
  t.is(warnings.length, 1)
  t.like(warnings[0], { name: 'MaxListenersExceededWarning', emitter, type: 'event', count: 11 })
})

onBoth('ten listeners of each of two names bring none', async (t, Emitter) => {
  const emitter = new Emitter()
  const warnings = await warningsOf(() => {
    add(emitter, 'a', 10)
    add(emitter, 'b', 10)
  })
  t.deepEqual(warnings, [])
})

onBoth('the warning comes for symbols, and for the other ways to add', async (t, Emitter) => {
  const emitter = new Emitter().setMaxListeners(1)
  const symbol = Symbol('symbol')
  const warnings = await warningsOf(() => {
    add(emitter, symbol, 2)
    emitter.once('once', () => {}).once('once', () => {})
    emitter.prependListener('prepended', () => {}).prependListener('prepended', () => {})
  })
  t.deepEqual(
    warnings.map(({ type }) => type),
    [symbol, 'once', 'prepended'],
  )
})

onBoth('setMaxListeners sets the limit of one emitter', async (t, Emitter) => {
  const emitter = new Emitter()
  t.is(emitter.getMaxListeners(), 10)
  t.is(emitter.setMaxListeners(2), emitter)
  t.is(emitter.getMaxListeners(), 2)
  t.is(new Emitter().getMaxListeners(), 10)
  t.is((await warningsOf(() => add(emitter, 'event', 3)))[0]?.count, 3)
})

for (const unlimited of [0, Infinity]) {
  onBoth(`setMaxListeners(${unlimited}) is no limit`, async (t, Emitter) => {
    const emitter = new Emitter().setMaxListeners(unlimited)
    t.deepEqual(await warningsOf(() => add(emitter, 'event', 50)), [])
  })
}

onBoth('setMaxListeners refuses what is no limit', (t, Emitter) => {
  const emitter = new Emitter()
  t.throws(() => emitter.setMaxListeners(-1), { code: 'ERR_OUT_OF_RANGE' })
  t.throws(() => emitter.setMaxListeners(Number.NaN), { code: 'ERR_OUT_OF_RANGE' })
  t.throws(() => emitter.setMaxListeners('2' as never), { code: 'ERR_INVALID_ARG_TYPE' })
  t.is(emitter.getMaxListeners(), 10)
})

onBoth(
  'defaultMaxListeners is the limit of all emitters, older ones included, but not over their own',
  (t, Emitter) => {
    const [older, own] = [new Emitter(), new Emitter().setMaxListeners(3)]
    Emitter.defaultMaxListeners = 20
    const limits = [older, own, new Emitter(), new EventEmitter()].map((emitter) => emitter.getMaxListeners())
    Emitter.defaultMaxListeners = 10
    t.deepEqual(limits, [20, 3, 20, 20])
    t.is(EventEmitter.defaultMaxListeners, 10)
  },
)

onBoth('defaultMaxListeners refuses what is no limit', (t, Emitter) => {
  t.throws(() => (Emitter.defaultMaxListeners = -1), { code: 'ERR_OUT_OF_RANGE' })
  t.throws(() => (Emitter.defaultMaxListeners = 'a' as never), { code: 'ERR_INVALID_ARG_TYPE' })
  t.is(Emitter.defaultMaxListeners, 10)
})

onBoth('the static setMaxListeners sets the limit of emitters and event targets', (t, Emitter) => {
  const [emitter, target] = [new Emitter(), new EventTarget()]
  Emitter.setMaxListeners(5, emitter, target)
  t.is(Emitter.getMaxListeners(emitter), 5)
  t.is(Emitter.getMaxListeners(target), 5)
  t.is(Emitter.defaultMaxListeners, 10)
})

onBoth('the static setMaxListeners without targets sets the default', (t, Emitter) => {
  Emitter.setMaxListeners(7)
  const set = Emitter.defaultMaxListeners
  Emitter.setMaxListeners(10)
  t.is(set, 7)
})

onBoth('the static setMaxListeners and getMaxListeners refuse other things', (t, Emitter) => {
  t.throws(() => Emitter.setMaxListeners(5, {} as never), { code: 'ERR_INVALID_ARG_TYPE' })
  t.throws(() => Emitter.setMaxListeners(-5, new Emitter()), { code: 'ERR_OUT_OF_RANGE' })
  t.throws(() => Emitter.getMaxListeners({} as never), { code: 'ERR_INVALID_ARG_TYPE' })
})

onBoth('the static listenerCount counts like the method', (t, Emitter) => {
  const emitter = new Emitter()
  emitter.on('event', () => {}).once('event', () => {})
  t.is(Emitter.listenerCount(emitter, 'event'), 2)
  t.is(Emitter.listenerCount(emitter, 'other'), 0)
})

onBoth('getEventListeners gives a copy of the listeners of emitters and event targets', (t, Emitter) => {
  const [emitter, target] = [new Emitter(), new EventTarget()]
  const listener = () => {}
  emitter.once('foo', listener)
  target.addEventListener('foo', listener)
  t.deepEqual(Emitter.getEventListeners(emitter, 'foo'), [listener])
  t.deepEqual(Emitter.getEventListeners(target, 'foo'), [listener])
  t.deepEqual(getEventListeners(emitter, 'foo'), [listener])
  Emitter.getEventListeners(emitter, 'foo').pop()
  t.is(emitter.listenerCount('foo'), 1)
})

onBoth('once resolves with the arguments of the next event, and leaves no listener', async (t, Emitter) => {
  const emitter = new Emitter()
  const promise = Emitter.once(emitter, 'event')
  emitter.emit('event', 42, 'more')
  emitter.emit('event', 43)
  t.deepEqual(await promise, [42, 'more'])
  t.deepEqual(emitter.eventNames(), [])
})

onBoth('once rejects with an error event, and leaves no listener', async (t, Emitter) => {
  const emitter = new Emitter()
  const promise = Emitter.once(emitter, 'event')
  emitter.emit('error', new Error('kaboom'))
  await t.throwsAsync(promise, { message: 'kaboom' })
  t.deepEqual(emitter.eventNames(), [])
})

onBoth('once of the error event itself resolves', async (t, Emitter) => {
  const emitter = new Emitter()
  const promise = Emitter.once(emitter, 'error')
  emitter.emit('error', new Error('boom'))
  t.is((await promise)[0].message, 'boom')
})

onBoth('once ends with its signal, and leaves no listener', async (t, Emitter) => {
  const emitter = new Emitter()
  const controller = new AbortController()
  const promise = Emitter.once(emitter, 'event', { signal: controller.signal })
  controller.abort(new Error('enough'))
  const fault = await t.throwsAsync(promise, { name: 'AbortError', code: 'ABORT_ERR' })
  t.is((fault!.cause as Error).message, 'enough')
  t.deepEqual(emitter.eventNames(), [])
})

onBoth('once with an aborted signal never listens', async (t, Emitter) => {
  const emitter = new Emitter()
  await t.throwsAsync(Emitter.once(emitter, 'event', { signal: AbortSignal.abort() }), { name: 'AbortError' })
  t.deepEqual(emitter.eventNames(), [])
})

onBoth('once refuses a signal that is none', async (t, Emitter) => {
  await t.throwsAsync(Emitter.once(new Emitter(), 'event', { signal: {} as never }), { code: 'ERR_INVALID_ARG_TYPE' })
})

onBoth('once works on an event target', async (t, Emitter) => {
  const target = new EventTarget()
  const promise = Emitter.once(target, 'foo')
  const event = new Event('foo')
  target.dispatchEvent(event)
  t.is((await promise)[0], event)
})

onBoth('once of two events that come in one tick resolves both, if both were asked for before', async (t, Emitter) => {
  const emitter = new Emitter()
  process.nextTick(() => {
    emitter.emit('bar', 1)
    emitter.emit('foo', 2)
  })
  t.deepEqual(await Promise.all([once(emitter, 'bar'), once(emitter, 'foo')]), [[1], [2]])
})

onBoth('on iterates over events, those that came before it was asked included', async (t, Emitter) => {
  const emitter = new Emitter()
  const iterator = Emitter.on(emitter, 'foo')
  emitter.emit('foo', 'bar')
  emitter.emit('foo', 42, 43)
  t.deepEqual(await iterator.next(), { value: ['bar'], done: false })
  t.deepEqual(await iterator.next(), { value: [42, 43], done: false })
  const waiting = iterator.next()
  emitter.emit('foo', 'late')
  t.deepEqual(await waiting, { value: ['late'], done: false })
})

onBoth('on ends with its loop, and leaves no listener', async (t, Emitter) => {
  const emitter = new Emitter()
  const iterator = on(emitter, 'foo')
  emitter.emit('foo', 1)
  emitter.emit('foo', 2)
  const seen: unknown[] = []
  for await (const [value] of iterator) {
    seen.push(value)
    if (value === 2) break
  }
  t.deepEqual(seen, [1, 2])
  t.deepEqual(emitter.eventNames(), [])
})

onBoth('on throws an error event after what came before it', async (t, Emitter) => {
  const emitter = new Emitter()
  const iterator = Emitter.on(emitter, 'foo')
  emitter.emit('foo', 1)
  emitter.emit('error', new Error('kaboom'))
  t.deepEqual((await iterator.next()).value, [1])
  await t.throwsAsync(iterator.next(), { message: 'kaboom' })
  t.true((await iterator.next()).done)
  t.deepEqual(emitter.eventNames(), [])
})

onBoth('on ends with its signal', async (t, Emitter) => {
  const emitter = new Emitter()
  const controller = new AbortController()
  const iterator = Emitter.on(emitter, 'foo', { signal: controller.signal })
  const waiting = iterator.next()
  controller.abort()
  await t.throwsAsync(waiting, { name: 'AbortError' })
  t.deepEqual(emitter.eventNames(), [])
})

onBoth('on with an aborted signal throws at once', (t, Emitter) => {
  t.throws(() => Emitter.on(new Emitter(), 'foo', { signal: AbortSignal.abort() }), { name: 'AbortError' })
})

onBoth('on ends with the events that close it', async (t, Emitter) => {
  const emitter = new Emitter()
  const iterator = Emitter.on(emitter, 'foo', { close: ['end'] })
  emitter.emit('foo', 1)
  emitter.emit('end')
  const seen: unknown[] = []
  for await (const [value] of iterator) seen.push(value)
  t.deepEqual(seen, [1])
  t.deepEqual(emitter.eventNames(), [])
})

onBoth('on pauses the emitter above the high-water mark, and resumes it below the low one', async (t, Emitter) => {
  const seen: string[] = []
  const emitter = Object.assign(new Emitter(), { pause: () => seen.push('pause'), resume: () => seen.push('resume') })
  const iterator = Emitter.on(emitter, 'foo', { highWaterMark: 2, lowWaterMark: 1 })
  for (let i = 0; i < 3; i += 1) emitter.emit('foo', i)
  t.deepEqual(seen, ['pause'])
  for (let i = 0; i < 3; i += 1) await iterator.next()
  t.deepEqual(seen, ['pause', 'resume'])
})

onBoth('addAbortListener calls its listener when the signal aborts, even where others stop that', (t, Emitter) => {
  const controller = new AbortController()
  const seen: string[] = []
  controller.signal.addEventListener('abort', (event) => event.stopImmediatePropagation())
  Emitter.addAbortListener(controller.signal, () => seen.push('aborted'))
  controller.abort()
  t.deepEqual(seen, ['aborted'])
})

onBoth('addAbortListener calls its listener for a signal that has aborted', async (t, Emitter) => {
  const seen: string[] = []
  Emitter.addAbortListener(AbortSignal.abort(), () => seen.push('aborted'))
  await turn()
  t.deepEqual(seen, ['aborted'])
})

onBoth('what addAbortListener returns takes the listener away', (t, Emitter) => {
  const controller = new AbortController()
  const disposable = Emitter.addAbortListener(controller.signal, () => t.fail())
  disposable[Symbol.dispose]()
  controller.abort()
  t.pass()
})

onBoth('addAbortListener refuses a signal or listener that is none', (t, Emitter) => {
  t.throws(() => Emitter.addAbortListener({} as never, () => {}), { code: 'ERR_INVALID_ARG_TYPE' })
  t.throws(() => Emitter.addAbortListener(new AbortController().signal, 'text' as never), {
    code: 'ERR_INVALID_ARG_TYPE',
  })
})

onBoth('an EventEmitterAsyncResource calls its listeners in the context in which it was made', (t, Emitter) => {
  const storage = new AsyncLocalStorage<string>()
  const resource = storage.run('made here', () => new Emitter.EventEmitterAsyncResource({ name: 'Q' }))
  const plain = storage.run('made here', () => new Emitter())
  const seen: unknown[] = []
  resource.on('event', () => seen.push(storage.getStore(), executionAsyncId() === resource.asyncId))
  plain.on('event', () => seen.push(storage.getStore()))
  storage.run('emitted here', () => {
    resource.emit('event')
    plain.emit('event')
  })
  t.deepEqual(seen, ['made here', true, 'emitted here'])
  t.is(resource.asyncResource.eventEmitter, resource)
  t.is(typeof resource.triggerAsyncId, 'number')
  resource.emitDestroy()
})

onBoth('the module’s functions and symbols are static members', (t, Emitter) => {
  t.is(Emitter.EventEmitter as unknown, Emitter)
  t.is(Emitter.once, EventEmitter.once)
  t.is(Emitter.on, EventEmitter.on)
  t.is(Emitter.errorMonitor as symbol, EventEmitter.errorMonitor)
  t.true(Reflect.get(Emitter, 'usingDomains') === Reflect.get(EventEmitter, 'usingDomains'))
  const { EventEmitter: Named, getEventListeners: read } = Emitter
  t.deepEqual(read(new Named(), 'event'), [])
})
