// Adding, calling, finding and removing listeners, as the documentation of node:events (v20) describes it.
import { onBoth } from './emitters.js'

onBoth('a listener gets all arguments, and the emitter as this', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: unknown[] = []
  emitter.on('event', function (this: unknown, ...args) {
    seen.push(this, ...args)
  })
  emitter.emit('event', 'a', undefined, null, { b: 1 }, 5)
  t.is(seen[0], emitter)
  t.deepEqual(seen.slice(1), ['a', undefined, null, { b: 1 }, 5])
})

onBoth('an arrow function keeps its own this', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: unknown[] = []
  const host = {
    listen() {
      emitter.on('event', () => seen.push(this))
    },
  }
  host.listen()
  emitter.emit('event')
  t.deepEqual(seen, [host])
})

onBoth('listeners are called at once, in the order in which they came', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: string[] = []
  emitter.on('event', () => seen.push('first'))
  emitter.on('event', () => seen.push('second'))
  emitter.on('event', () => seen.push('third'))
  emitter.emit('event')
  t.deepEqual(seen, ['first', 'second', 'third'])
})

onBoth('emit says whether somebody listened', (t, Emitter) => {
  const emitter = new Emitter()
  t.false(emitter.emit('event'))
  emitter.on('event', () => false)
  t.true(emitter.emit('event'))
  t.false(emitter.emit('other'))
})

onBoth('an emit with nobody listening does nothing, with any arguments', (t, Emitter) => {
  t.false(new Emitter().emit('event', new Error('unheard'), 1))
})

onBoth('what listeners return is ignored', (t, Emitter) => {
  const emitter = new Emitter()
  let calls = 0
  emitter.on('event', () => false)
  emitter.on('event', () => (calls += 1))
  t.is(emitter.emit('event'), true)
  t.is(calls, 1)
})

onBoth('a listener that throws stops the later ones, and emit throws the same', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: string[] = []
  const fault = new Error('boom')
  emitter.on('event', () => seen.push('before'))
  emitter.on('event', () => {
    throw fault
  })
  emitter.on('event', () => seen.push('after'))
  t.is(
    t.throws(() => emitter.emit('event')),
    fault,
  )
  t.deepEqual(seen, ['before'])
})

onBoth('emitting inside a listener goes depth first', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: string[] = []
  emitter.on('outer', () => emitter.emit('inner'))
  emitter.on('outer', () => seen.push('outer'))
  emitter.on('inner', () => seen.push('inner'))
  emitter.emit('outer')
  t.deepEqual(seen, ['inner', 'outer'])
})

onBoth('a listener that is added during an emit waits for the next one', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: string[] = []
  emitter.once('event', () => emitter.on('event', () => seen.push('late')))
  emitter.emit('event')
  t.deepEqual(seen, [])
  emitter.emit('event')
  t.deepEqual(seen, ['late'])
})

onBoth('a listener that is removed during an emit is still called by that one', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: string[] = []
  const doomed = () => seen.push('doomed')
  emitter.on('event', () => emitter.off('event', doomed))
  emitter.on('event', doomed)
  emitter.emit('event')
  t.deepEqual(seen, ['doomed'])
  emitter.emit('event')
  t.deepEqual(seen, ['doomed'])
})

onBoth('removeAllListeners during an emit does not cut that emit short', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: string[] = []
  emitter.on('event', () => emitter.removeAllListeners('event'))
  emitter.on('event', () => seen.push('second'))
  emitter.emit('event')
  t.deepEqual(seen, ['second'])
  t.false(emitter.emit('event'))
})

onBoth('the same listener twice is called twice', (t, Emitter) => {
  const emitter = new Emitter()
  let calls = 0
  const listener = () => (calls += 1)
  emitter.on('event', listener).on('event', listener)
  emitter.emit('event')
  t.is(calls, 2)
})

onBoth('a once listener is called once, and is gone before it is called', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: unknown[] = []
  emitter.once('event', (value) => {
    seen.push(value, emitter.listenerCount('event'), emitter.emit('event', 'again'))
  })
  t.true(emitter.emit('event', 1))
  t.false(emitter.emit('event', 2))
  t.deepEqual(seen, [1, 0, false])
})

onBoth('a once listener gets the emitter as this, and all arguments', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: unknown[] = []
  emitter.once('event', function (this: unknown, ...args) {
    seen.push(this === emitter, ...args)
  })
  emitter.emit('event', 1, 2, 3, 4, 5)
  t.deepEqual(seen, [true, 1, 2, 3, 4, 5])
})

onBoth('a once listener that throws is gone all the same', (t, Emitter) => {
  const emitter = new Emitter()
  emitter.once('event', () => {
    throw new Error('boom')
  })
  t.throws(() => emitter.emit('event'), { message: 'boom' })
  t.is(emitter.listenerCount('event'), 0)
})

onBoth('prependListener puts a listener before all others', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: string[] = []
  emitter.on('event', () => seen.push('b'))
  emitter.on('event', () => seen.push('c'))
  emitter.prependListener('event', () => seen.push('a'))
  emitter.emit('event')
  t.deepEqual(seen, ['a', 'b', 'c'])
})

onBoth('prependOnceListener does so for one call', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: string[] = []
  emitter.on('event', () => seen.push('b'))
  emitter.prependOnceListener('event', () => seen.push('a'))
  emitter.emit('event')
  emitter.emit('event')
  t.deepEqual(seen, ['a', 'b', 'b'])
})

for (const method of ['on', 'addListener', 'once', 'prependListener', 'prependOnceListener'] as const) {
  onBoth(`${method} returns the emitter`, (t, Emitter) => {
    const emitter = new Emitter()
    t.is(
      emitter[method]('event', () => {}),
      emitter,
    )
    t.is(emitter.listenerCount('event'), 1)
  })

  onBoth(`${method} refuses what is no function`, (t, Emitter) => {
    const emitter = new Emitter()
    for (const listener of [undefined, null, 'text', {}, 5]) {
      t.throws(() => emitter[method]('event', listener as never), {
        instanceOf: TypeError,
        code: 'ERR_INVALID_ARG_TYPE',
      })
    }
    t.deepEqual(emitter.eventNames(), [])
  })
}

for (const method of ['off', 'removeListener'] as const) {
  onBoth(`${method} takes one instance away, the latest, and returns the emitter`, (t, Emitter) => {
    const emitter = new Emitter()
    const seen: string[] = []
    const ping = () => seen.push('ping')
    emitter.on('event', ping)
    emitter.on('event', () => seen.push('other'))
    emitter.on('event', ping)
    t.is(emitter[method]('event', ping), emitter)
    emitter.emit('event')
    t.deepEqual(seen, ['ping', 'other'])
  })

  onBoth(`${method} of what is not there changes nothing`, (t, Emitter) => {
    const emitter = new Emitter()
    emitter.on('event', () => {})
    t.is(
      emitter[method]('event', () => {}),
      emitter,
    )
    t.is(
      emitter[method]('other', () => {}),
      emitter,
    )
    t.is(emitter.listenerCount('event'), 1)
  })

  onBoth(`${method} refuses what is no function`, (t, Emitter) => {
    const emitter = new Emitter()
    t.throws(() => emitter[method]('event', null as never), { code: 'ERR_INVALID_ARG_TYPE' })
  })

  onBoth(`${method} takes away a once listener by the function that was given`, (t, Emitter) => {
    const emitter = new Emitter()
    const listener = () => t.fail()
    emitter.once('event', listener)
    emitter[method]('event', listener)
    t.false(emitter.emit('event'))
  })
}

onBoth('removeAllListeners of a name leaves the other names', (t, Emitter) => {
  const emitter = new Emitter()
  emitter.on('a', () => {}).on('a', () => {})
  emitter.on('b', () => {})
  t.is(emitter.removeAllListeners('a'), emitter)
  t.deepEqual(emitter.eventNames(), ['b'])
})

onBoth('removeAllListeners without a name leaves nothing', (t, Emitter) => {
  const emitter = new Emitter()
  emitter.on('a', () => {}).on(Symbol('b'), () => {})
  t.is(emitter.removeAllListeners(), emitter)
  t.deepEqual(emitter.eventNames(), [])
  t.false(emitter.emit('a'))
})

onBoth('removeAllListeners of undefined is about the name "undefined"', (t, Emitter) => {
  const emitter = new Emitter()
  emitter.on('a', () => {}).on('undefined', () => {})
  emitter.removeAllListeners(undefined)
  t.deepEqual(emitter.eventNames(), ['a'])
})

onBoth('removeAllListeners of an emitter without any returns it', (t, Emitter) => {
  const emitter = new Emitter()
  t.is(emitter.removeAllListeners(), emitter)
  t.is(emitter.removeAllListeners('a'), emitter)
})

onBoth('newListener is emitted before a listener is added, with its name and itself', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: unknown[] = []
  const listener = () => {}
  emitter.on('newListener', (name, added) => seen.push(name, added, emitter.listenerCount('event')))
  emitter.on('event', listener)
  t.deepEqual(seen, ['event', listener, 0])
})

onBoth('newListener gets the function itself also for once', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: unknown[] = []
  const listener = () => {}
  emitter.on('newListener', (_name, added) => seen.push(added))
  emitter.once('event', listener)
  emitter.prependOnceListener('event', listener)
  t.deepEqual(seen, [listener, listener])
})

onBoth('a listener that newListener adds comes before the one that is being added', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: string[] = []
  emitter.once('newListener', (name) => {
    if (name === 'event') emitter.on('event', () => seen.push('B'))
  })
  emitter.on('event', () => seen.push('A'))
  emitter.emit('event')
  t.deepEqual(seen, ['B', 'A'])
})

onBoth('newListener is not emitted for its own first listener, but for its second', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: unknown[] = []
  emitter.on('newListener', (name) => seen.push(name))
  emitter.on('newListener', () => {})
  t.deepEqual(seen, ['newListener'])
})

onBoth('removeListener is emitted after a listener is removed, with its name and itself', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: unknown[] = []
  const listener = () => {}
  emitter.on('removeListener', (name, removed) => seen.push(name, removed, emitter.listenerCount('event')))
  emitter.on('event', listener)
  emitter.off('event', listener)
  t.deepEqual(seen, ['event', listener, 0])
})

onBoth('removeListener gets the function itself for once, before that is called', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: unknown[] = []
  const listener = () => seen.push('called')
  emitter.on('removeListener', (_name, removed) => seen.push(removed))
  emitter.once('event', listener)
  emitter.emit('event')
  t.deepEqual(seen, [listener, 'called'])
})

onBoth('removeListener is not emitted when nothing was removed', (t, Emitter) => {
  const emitter = new Emitter()
  emitter.on('removeListener', () => t.fail())
  emitter.off('event', () => {})
  t.is(emitter.listenerCount('removeListener'), 1)
})

onBoth('removeAllListeners emits removeListener for each, the latest first', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: unknown[] = []
  const [first, second] = [() => {}, () => {}]
  emitter.on('removeListener', (name, removed) => seen.push([name, removed]))
  emitter.on('event', first).on('event', second)
  emitter.removeAllListeners('event')
  t.deepEqual(seen, [
    ['event', second],
    ['event', first],
  ])
})

onBoth('removeAllListeners without a name removes the listeners of removeListener last', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: unknown[] = []
  emitter.on('removeListener', (name) => seen.push(name))
  emitter.on('a', () => {}).on('b', () => {})
  emitter.removeAllListeners()
  t.deepEqual(seen, ['a', 'b'])
  t.deepEqual(emitter.eventNames(), [])
})

onBoth('eventNames lists the names that have listeners, symbols too', (t, Emitter) => {
  const emitter = new Emitter()
  const symbol = Symbol('symbol')
  t.deepEqual(emitter.eventNames(), [])
  emitter.on('foo', () => {})
  emitter.on(symbol, () => {})
  emitter.on('bar', () => {})
  const listener = () => {}
  emitter.on('gone', listener).off('gone', listener)
  t.deepEqual(emitter.eventNames(), ['foo', 'bar', symbol])
})

onBoth('listenerCount counts the listeners of a name', (t, Emitter) => {
  const emitter = new Emitter()
  t.is(emitter.listenerCount('event'), 0)
  emitter.on('event', () => {})
  t.is(emitter.listenerCount('event'), 1)
  emitter.once('event', () => {})
  t.is(emitter.listenerCount('event'), 2)
})

onBoth('listenerCount with a listener counts how often it is there, once included', (t, Emitter) => {
  const emitter = new Emitter()
  const listener = () => {}
  emitter.on('event', () => {})
  t.is(emitter.listenerCount('event', listener), 0)
  emitter.on('event', listener)
  emitter.once('event', listener)
  t.is(emitter.listenerCount('event', listener), 2)
})

onBoth('listeners gives a copy, with the functions that were given to once', (t, Emitter) => {
  const emitter = new Emitter()
  const [plain, single] = [() => {}, () => {}]
  emitter.on('event', plain).once('event', single)
  const copy = emitter.listeners('event')
  t.deepEqual(copy, [plain, single])
  copy.length = 0
  t.is(emitter.listenerCount('event'), 2)
  t.deepEqual(emitter.listeners('other'), [])
})

onBoth('rawListeners gives the wrappers of once, each with its function as listener', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: string[] = []
  const listener = () => seen.push('once')
  emitter.once('log', listener)
  const [wrapper] = emitter.rawListeners('log') as (typeof listener & { listener: typeof listener })[]
  t.is(wrapper!.listener, listener)
  wrapper!.listener()
  t.is(emitter.listenerCount('log'), 1)
  wrapper!()
  t.is(emitter.listenerCount('log'), 0)
  t.deepEqual(seen, ['once', 'once'])
})

onBoth('rawListeners gives a plain listener as it is, in a copy', (t, Emitter) => {
  const emitter = new Emitter()
  const listener = () => {}
  emitter.on('log', listener)
  emitter.rawListeners('log').pop()
  t.deepEqual(emitter.rawListeners('log'), [listener])
  t.deepEqual(emitter.rawListeners('other'), [])
})
