import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { root } from './checkout.js'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const manifest = JSON.parse(read('package.json'))
const targets = [...(manifest.napi.targets as string[])].sort()
const found = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, target]) => target!).sort()

test('the workflows build every target of the package, and test each on a machine of its kind', (t) => {
  t.deepEqual(found(read('.github/workflows/build.yml'), /\{ target: ([\w-]+), runner:/g), targets)
  t.deepEqual(found(read('.github/workflows/ci.yml'), /\{ target: ([\w-]+), runner:/g), targets)
})

test('platform packages are named at publishing only, and nothing runs when the package is installed', (t) => {
  t.is(manifest.optionalDependencies, undefined)
  t.deepEqual(
    Object.keys(manifest.scripts).filter((name) => name.endsWith('install') && name !== 'test:install'),
    [],
  )
})

test('the lock file has the platform packages of every platform, and names no registry', (t) => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Record<string, unknown>> }
  const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry['optionalDependencies'] ?? {}))
  t.deepEqual(
    wanted.filter((name) => !(`node_modules/${name}` in packages)),
    [],
  )
  t.deepEqual(
    Object.keys(packages).filter((path) => 'resolved' in packages[path]!),
    [],
  )
})
