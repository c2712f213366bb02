import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { forEachBackend } from '../conformance/backends.js'

const run = promisify(execFile)
const rounds = process.env.TICKBUS_LONG === '1' ? 20 : 1

/** What a fixture prints, if it ends by itself with code 0. */
async function output(name: string, ...args: string[]): Promise<string> {
  const fixture = fileURLToPath(new URL(`./fixtures/${name}.mjs`, import.meta.url))
  const { stdout, stderr } = await run(process.execPath, [fixture, ...args], { timeout: 600_000 })
  return stdout + stderr
}

forEachBackend('processes with worker groups', (test, { backend }) => {
  for (const way of ['closed client', 'closed bus', 'unsubscribed', 'both closed at once', 'exit', 'refused']) {
    test(`ends by itself: ${way}`, async (t) => {
      t.is(await output('worker-lifetime', backend, way), '')
    })
  }

  test(`of 50 threads terminated in the middle of their traffic, ${rounds} times, nothing is unaccounted for`, async (t) => {
    t.timeout(600_000)
    const totals = JSON.parse(await output('worker-churn', backend, `${rounds}`)) as Record<string, number>
    t.like(totals, { inexact: 0, other: 0, threads: 0 })
    // And those that replaced some, of which a slow machine has time for more.
    t.true(totals.losses! >= 49 * rounds, `${totals.losses} losses`)
    t.is(totals.delivered! + totals.lost!, totals.accepted)
    t.true(totals.delivered! > 0 && totals.lost! > 0)
  })
})
