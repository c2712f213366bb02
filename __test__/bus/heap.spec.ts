import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { forEachBackend } from '../conformance/backends.js'

const run = promisify(execFile)
const fixture = fileURLToPath(new URL('fixtures/heap.mjs', import.meta.url))

forEachBackend('heap', (test, { backend }) => {
  const bytes = async (way: string): Promise<number> => {
    const args = ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256', fixture, backend, way]
    return JSON.parse((await run(process.execPath, args, { timeout: 100_000 })).stdout) as number
  }

  // The smallest object takes 16 bytes, a number of its own 12. What is left are the clock readings of one publish in 64.
  test('a million publishes on handles allocate nothing', async (t) => {
    const each = await bytes('publish')
    t.true(each < 2, `${each} bytes each`)
  })

  test('a million publishes by name allocate nothing', async (t) => {
    const each = await bytes('name')
    t.true(each < 2, `${each} bytes each`)
  })

  test('a hundred thousand requests of every outcome leave nothing', async (t) => {
    const left = await bytes('requests')
    t.true(left < 200_000, `${left} bytes left`)
  })

  // Each handler keeps 8 KB alive.
  test('a thousand handlers that came and went leave nothing', async (t) => {
    const left = await bytes('subscriptions')
    t.true(left < 1_000_000, `${left} bytes left`)
  })

  test('topics that are used once leave memory flat', async (t) => {
    const left = await bytes('distinct')
    t.true(left < 4_000_000, `${left} bytes left`)
  })
})
