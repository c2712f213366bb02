import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { LAYOUT_HASH } from '../../dist/layout.js'
import { binary } from '../../dist/native/index.js'
import { runFixture } from './process.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const onNative = binary === undefined ? test.skip : test

interface Choice {
  backend?: string
  reason?: string
  binary?: string
  code?: string
  message?: string
  cause?: boolean
  warnings: string[]
}

/** A package of what choosing a backend takes, without the addon. */
function bareCopy(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tickbus-load-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  for (const path of ['package.json', 'native/binding.cjs', 'dist']) {
    cpSync(join(root, path), join(folder, path), { recursive: true, filter: (name) => !name.includes('benchmark') })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

/** What `choose.mjs` says of the package in a folder: on the main thread, or there and in a thread. */
async function choose(folder: string, TICKBUS_BACKEND = '', ...how: string[]): Promise<Choice> {
  const { stdout, stderr, code } = await runFixture('choose.mjs', [folder, ...how], { TICKBUS_BACKEND })
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Choice
}

onNative('the addon is used where it loads', async (t) => {
  const { backend, reason, binary, warnings } = await choose(root)
  t.like({ backend, reason }, { backend: 'native', reason: 'the addon loaded' })
  t.regex(String(binary), /\.node$/)
  t.deepEqual(warnings, [])
})

onNative('CommonJS gets the same by require', async (t) => {
  t.is((await choose(root, '', 'require')).backend, 'native')
})

test('TICKBUS_BACKEND=js takes the JavaScript backend without a word', async (t) => {
  const { warnings, ...choice } = await choose(root, 'js')
  t.deepEqual(choice, { backend: 'js', reason: 'TICKBUS_BACKEND=js is set' })
  t.deepEqual(warnings, [])
})

test('a TICKBUS_BACKEND that names no backend is refused', async (t) => {
  const { code, message } = await choose(root, 'rust')
  t.is(code, 'TICKBUS_BACKEND')
  t.regex(String(message), /"rust".*neither "native" nor "js"/)
})

test('without the addon JavaScript runs, and one warning in the whole process says so', async (t) => {
  const { backend, reason, warnings } = await choose(bareCopy(t), '', 'thread')
  t.is(backend, 'js')
  t.regex(String(reason), /^there is no addon for \w+-\w+: .*npm run build:native/)
  t.deepEqual(warnings, ['TICKBUS_JS_BACKEND'])
})

test('without the addon TICKBUS_BACKEND=native fails, and says why', async (t) => {
  const { code, message, cause } = await choose(bareCopy(t), 'native')
  t.is(code, 'TICKBUS_BACKEND')
  t.regex(String(message), /^The native backend cannot be used: there is no addon for/)
  t.true(cause)
})

onNative('an addon that is damaged is as good as none, and the reason is the system’s', async (t) => {
  const folder = bareCopy(t)
  writeFileSync(join(folder, 'native', basename(binary!)), 'damaged')
  const { backend, reason, warnings } = await choose(folder)
  t.is(backend, 'js')
  t.regex(String(reason), /^the addon does not load: .*\.node/)
  t.deepEqual(warnings, ['TICKBUS_JS_BACKEND'])
})

onNative('an addon of another memory layout is not used', async (t) => {
  const folder = bareCopy(t)
  cpSync(binary!, join(folder, 'native', basename(binary!)))
  const layout = join(folder, 'dist/packs/thread.js')
  const text = readFileSync(layout, 'utf8')
  writeFileSync(layout, text.replace(/LAYOUT_HASH = \w+/, `LAYOUT_HASH = ${LAYOUT_HASH ^ 1}`))
  const { backend, reason } = await choose(folder)
  t.is(backend, 'js')
  t.regex(String(reason), /another memory layout.*npm run build:native/)
})
