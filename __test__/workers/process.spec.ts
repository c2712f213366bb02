import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { fixture } from '../conformance/asking.js'
import { forEachBackend } from '../conformance/backends.js'

const run = promisify(execFile)
const long = process.env.TICKBUS_LONG === '1'

/** What a fixture prints, if it ends by itself with code 0. */
async function output(name: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [fileURLToPath(fixture(name)), ...args], { timeout: 600_000 })
  return stdout
}

forEachBackend('process', (test, { backend }) => {
  for (const way of ['armed', 'terminated', 'closed', 'exit', 'gone before it answers', 'own worker']) {
    test(`ends by itself: ${way}`, async (t) => {
      t.is(await output('lifetime.mjs', backend, way), '')
    })
  }

  const rounds = long ? 20 : 1
  test(`survives 50 workers terminated in the middle of their traffic, ${rounds} times`, async (t) => {
    t.timeout(600_000)
    t.deepEqual(JSON.parse(await output('churn.mjs', backend, `${rounds}`)), { heard: true, threads: 0 })
  })

  test('attaching and detaching a thousand times leaves memory flat', async (t) => {
    t.timeout(120_000)
    const grown = JSON.parse(await output('leak.mjs', backend, '1000')) as Record<string, number>
    // 500 rounds that kept only their smallest ring would show as 7 MB.
    t.true(grown.heapUsed! < 2e6, `heap grew by ${grown.heapUsed}`)
    t.true(grown.external! < 2e6, `external memory grew by ${grown.external}`)
    t.true(grown.rss! < 30e6, `resident memory grew by ${grown.rss}`)
  })
})
