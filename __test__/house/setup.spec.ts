import { existsSync, readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { checkout, type Ended, root, run } from './checkout.js'

const binary = `native/tickbus.${process.platform}-${process.arch}.node`
// Stands in for npm: notes what it was asked for, and makes what the real one would, unless it is told to fail.
const npm = `
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs')
const args = process.argv.slice(2).join(' ')
appendFileSync('asked', args + '\\n')
if (process.env.NPM_FAILS) process.exit(3)
if (args === 'ci') mkdirSync('node_modules', { recursive: true }), writeFileSync('node_modules/.package-lock.json', '')
if (args.includes('build:native')) writeFileSync('${binary}', '')
`
const builder = `
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
const dist = new URL('../dist/', import.meta.url)
mkdirSync(dist, { recursive: true })
for (const name of ['index.js', '.built']) writeFileSync(new URL(name, dist), '')
`
const fresh = {
  'scripts/setup.mjs': readFileSync(join(root, 'scripts/setup.mjs'), 'utf8'),
  'scripts/build-ts.mjs': builder,
  'npm.js': npm,
  'package.json': '{}',
  'package-lock.json': '{}',
  'tsconfig.json': '{}',
  'ts/index.ts': '',
  'benchmark/tsconfig.json': '{}',
  'native/binding.cjs': '',
  'Cargo.toml': '',
  'src/lib.rs': '',
  'bin/cargo': '',
}

function setup(folder: string, env: NodeJS.ProcessEnv = {}): Ended & { asked: string[] } {
  const ended = run(join(folder, 'scripts/setup.mjs'), [], {
    PATH: join(folder, 'bin'),
    npm_execpath: join(folder, 'npm.js'),
    ...env,
  })
  const asked = join(folder, 'asked')
  return { ...ended, asked: existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n') : [] }
}

/** A file or folder that changed `minutes` from now. */
function change(t: ExecutionContext, path: string, minutes: number): void {
  const time = new Date(Date.now() + minutes * 60_000)
  t.notThrows(() => utimesSync(path, time, time))
}

test('a fresh checkout gets dependencies, binary and JavaScript, and each is said with its time', (t) => {
  const folder = checkout(t, fresh)
  const { status, stderr, asked } = setup(folder)
  t.is(status, 0, stderr)
  t.deepEqual(asked, ['ci', 'run --silent build:native'])
  t.true(existsSync(join(folder, 'dist/index.js')))
  for (const step of ['dependencies', 'native binary', 'JavaScript']) {
    t.regex(stderr, new RegExp(`^setup: ${step}: done in \\d+\\.\\d s$`, 'm'))
  }
})

test('a second run has nothing to do and nothing to say', (t) => {
  const folder = checkout(t, fresh)
  setup(folder)
  const { status, stderr, stdout, asked } = setup(folder)
  t.is(status, 0)
  t.is(stderr + stdout, '')
  t.is(asked.length, 2)
})

function remakes(title: string, path: string, expected: { asked: string[]; says: RegExp }): void {
  test(title, (t) => {
    const folder = checkout(t, fresh)
    const { asked: before } = setup(folder)
    change(t, join(folder, path), 1)
    const { status, stderr, asked } = setup(folder)
    t.is(status, 0, stderr)
    t.deepEqual(asked.slice(before.length), expected.asked)
    t.regex(stderr, expected.says)
  })
}

remakes('a newer Rust source is built', 'src/lib.rs', {
  asked: ['run --silent build:native'],
  says: /^setup: native binary: sources are newer/,
})
remakes('a newer TypeScript source is built', 'ts/index.ts', {
  asked: [],
  says: /^setup: JavaScript: sources are newer/,
})
remakes('a newer lock file is installed', 'package-lock.json', {
  asked: ['ci'],
  says: /^setup: dependencies: the lock file is newer/,
})

test('an output that is gone is made again', (t) => {
  const folder = checkout(t, { ...fresh, 'ts/topic.ts': '' })
  // The builder above makes index.js alone, as if somebody had deleted topic.js.
  setup(folder)
  const { stderr } = setup(folder)
  t.regex(stderr, /^setup: JavaScript: an output is missing/)
})

test('without cargo it says once that the JavaScript backend runs', (t) => {
  const folder = checkout(t, fresh)
  const { status, stderr, asked } = setup(folder, { PATH: join(folder, 'scripts') })
  t.is(status, 0)
  t.deepEqual(asked, ['ci'])
  t.is(stderr.match(/JavaScript backend runs/g)?.length, 1)
})

test('without cargo a binary that is there is used, and one that is too old is named', (t) => {
  const folder = checkout(t, fresh)
  setup(folder)
  const env = { PATH: join(folder, 'scripts') }
  t.is(setup(folder, env).stderr, '')
  change(t, join(folder, 'src/lib.rs'), 1)
  t.regex(setup(folder, env).stderr, /older than its sources and there is no cargo/)
})

test('a step that fails ends the set-up and says what to do', (t) => {
  const folder = checkout(t, fresh)
  const { status, stderr } = setup(folder, { NPM_FAILS: '1' })
  t.is(status, 1)
  t.regex(stderr, /^setup: dependencies failed after \d+\.\d s\. Look at what npm printed above/m)
  t.false(existsSync(join(folder, 'dist')))
})

test('a native build that fails is an error, not a silent fallback', (t) => {
  const folder = checkout(t, { ...fresh, 'node_modules/.package-lock.json': '' })
  change(t, join(folder, 'node_modules/.package-lock.json'), 1)
  const { status, stderr } = setup(folder, { NPM_FAILS: '1' })
  t.is(status, 1)
  t.regex(stderr, /^setup: native binary failed after .* To go on without Rust, take cargo off the PATH\.$/m)
})
