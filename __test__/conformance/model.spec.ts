import { fc } from '@fast-check/ava'
import anyTest from 'ava'
import { type Backend, MessageBus } from 'tickbus'
import type { Routes } from '../../dist/core.js'
import { loadCore } from '../../dist/native/index.js'
import { backends, forEachBackend } from './backends.js'
import { Model } from './model.js'
import { type Log, log, play } from './operations.js'

forEachBackend('any log of operations', (test, { backend }) => {
  test('gives the trace of the model', async (t) => {
    let calls = 0
    await fc.assert(
      fc.asyncProperty(log, async (steps) => {
        const expected = await play(new Model(), steps)
        calls += expected.filter((line) => line.includes(' got ')).length
        t.deepEqual(await playOnBus(backend, steps), expected)
      }),
      { numRuns: 300 },
    )
    t.true(calls > 1_000, 'the logs do something')
  })
})

// What the suite is worth: a backend that loses one single call is found out.
for (const backend of backends) {
  for (const operation of ['addPattern', 'removePattern', 'addTopic', 'removeTopic', 'resolve', 'affected'] as const) {
    anyTest.serial(`a lost call of ${operation} is noticed [${backend}]`, async (t) => {
      const logs = fc.sample(log, { numRuns: 60, seed: 7 })
      t.is(await differing(logs, backend), 0)
      const core = loadCore(backend)
      const { openRoutes } = core
      let noticed = 0
      try {
        for (let nth = 1; nth <= 8; nth += 1) {
          core.openRoutes = (answer) => losing(openRoutes.call(core, answer), operation, nth)
          noticed += await differing(logs, backend)
        }
        t.true(noticed > 0)
      } finally {
        core.openRoutes = openRoutes
      }
    })
  }
}

/** A table that does everything but for the nth call of one operation. */
function losing(routes: Routes, operation: keyof Routes, nth: number): Routes {
  let calls = 0
  return new Proxy(routes, {
    get: (target, name: keyof Routes) => {
      const method = (target[name] as (...args: unknown[]) => unknown).bind(target)
      if (name !== operation) return method
      return (...args: unknown[]) => ((calls += 1) === nth ? 0 : method(...args))
    },
  })
}

async function differing(logs: readonly Log[], backend: Backend): Promise<number> {
  let count = 0
  for (const steps of logs) {
    const [got, expected] = await Promise.all([playOnBus(backend, steps).catch(String), play(new Model(), steps)])
    if (JSON.stringify(got) !== JSON.stringify(expected)) count += 1
  }
  return count
}

/** With so small a cache that topics are forgotten all the time. */
async function playOnBus(backend: Backend, steps: Log): Promise<string[]> {
  const bus = new MessageBus({ backend, topicCache: 2 })
  bus.on('handlerError', () => {})
  try {
    return await play(bus, steps)
  } finally {
    await bus.close()
  }
}
