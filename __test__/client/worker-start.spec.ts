// Threads of worker groups start however this process was started.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { forEachBackend } from '../conformance/backends.js'

const run = promisify(execFile)
const fixture = fileURLToPath(new URL('./fixtures/worker-lifetime.mjs', import.meta.url))

forEachBackend('start of worker groups', (test, { backend }) => {
  test('options for V8, which may not be given to a thread by name, are taken over', async (t) => {
    t.timeout(120_000)
    const { stdout, stderr } = await run(process.execPath, [
      '--max-semi-space-size=8',
      fixture,
      backend,
      'closed client',
    ])
    t.is(stdout + stderr, '')
  })

  test('code that is no file starts them, too', async (t) => {
    t.timeout(120_000)
    const code = `process.argv[2] = '${backend}'; process.argv[3] = 'closed client'; await import('${fixture}')`
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', code, 'x'])
    t.is(stdout + stderr, '')
  })
})
