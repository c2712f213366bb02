import { spawnSync } from 'node:child_process'
import test from 'ava'
import { root } from '../house/checkout.js'

interface Packed {
  files: { path: string; mode: number }[]
  unpackedSize: number
}

/** What `npm pack` would put into the tarball. */
function contents(): Packed {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
    cwd: root,
    encoding: 'utf8',
  })
  return (JSON.parse(stdout) as [Packed])[0]
}

test('the tarball holds the built package, its types and the recordings, and nothing of the workshop', (t) => {
  const paths = contents().files.map(({ path }) => path)
  for (const path of [
    'dist/index.js',
    'dist/cli/main.js',
    'dist/packs/thread.js',
    'index.d.ts',
    'dist/market.d.ts',
    'dist/testing.d.ts',
    'tickbus.schema.json',
    'native/binding.cjs',
    'LICENSE',
  ]) {
    t.true(paths.includes(path), path)
  }
  const allowed =
    /^(dist\/|index\.d\.ts$|tickbus\.schema\.json$|native\/binding\.cjs$|examples\/(autoscale|recordings)\/|package\.json$|README\.md$|LICENSE$)/
  t.deepEqual(
    paths.filter((path) => !allowed.test(path)),
    [],
  )
  t.deepEqual(
    paths.filter((path) => /\.node$|\/\.(tsbuildinfo|built|modules)/.test(path)),
    [],
  )
})

test('the command can be executed', (t) => {
  const command = contents().files.find(({ path }) => path === 'dist/cli/main.js')
  t.is((command?.mode ?? 0) & 0o111, 0o111)
})
