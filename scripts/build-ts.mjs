// Compiles ts/, packs it into dist/, bundles the public types to index.d.ts, then compiles benchmark/ and simulation/,
// which import the package by its name and so need both. dist/.built carries the time at which the build began.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import { bundle } from './bundle.mjs'
import { files, output, root } from './setup.mjs'

const started = new Date()
const dist = join(root, 'dist')
/** What tsc makes of ts/, before it is packed. The declarations lie in dist/, beside what they declare. */
const modules = join(dist, '.modules')
// A class has one declaration: with a second one beside it, TypeScript would refuse an object made by the first. So what
// `tickbus` exports comes from there; of a sub-path only its own types are written out.
const typesOfTheBus = {
  name: 'types-of-the-bus',
  resolveId(id, importer) {
    if (!id.startsWith('.') || importer === undefined) return null
    const [room] = relative(dist, join(dirname(importer), id)).split(sep)
    return /^(arbitrage|intelligence|market|testing|fallback)/.test(room) ? null : { id: 'tickbus', external: true }
  },
}

discardStale()
compile('tsconfig.json', '--outDir', modules, '--declarationDir', dist)
await bundle(modules, dist)
chmodSync(join(dist, 'cli/main.js'), 0o755)
await bundleTypes('index.d.ts', 'index.d.ts')
await bundleTypes('market/index.d.ts', 'dist/market.d.ts', typesOfTheBus)
await bundleTypes('intelligence/index.d.ts', 'dist/intelligence.d.ts', typesOfTheBus)
await bundleTypes('testing/index.d.ts', 'dist/testing.d.ts', typesOfTheBus)
for (const user of ['benchmark', 'simulation']) {
  if (files(join(root, user)).length > 0) compile(`${user}/tsconfig.json`)
}
stamp()

/** Removes what sources that are gone have left, and lets tsc emit again what was deleted behind its back. */
function discardStale() {
  mkdirSync(modules, { recursive: true })
  const wanted = new Set(files(join(root, 'ts')).map((path) => relative(root, output(path)).slice('dist/'.length)))
  const isOurs = (name) => /\.(js|d\.ts)$/.test(name) && !/^(benchmark|packs|\.simulate)/.test(name)
  const present = readdirSync(dist, { recursive: true }).filter(isOurs)
  const module = (name) => name.replace(/^\.modules./, '').replace(/\.d\.ts$/, '.js')
  for (const name of present) if (!wanted.has(module(name))) rmSync(join(dist, name))
  const isWhole = [...wanted].every((name) => existsSync(join(modules, name)))
  if (!isWhole) rmSync(join(dist, '.tsbuildinfo'), { force: true })
}

function compile(project, ...options) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', project, ...options], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

/** Bundles what an entry exports into one file. */
async function bundleTypes(entry, file, ...plugins) {
  const types = await rollup({
    input: join(dist, entry),
    external: (id) => !/^[./]/.test(id),
    plugins: [...plugins, dts()],
    onwarn: (warning) => {
      throw new Error(warning.message)
    },
  })
  const banner = '// The public API of tickbus. Made by scripts/build-ts.mjs from ts/. Do not edit.\n'
  await types.write({ file: join(root, file), format: 'es', banner })
}

function stamp() {
  const path = join(dist, '.built')
  writeFileSync(path, '')
  utimesSync(path, started, started)
}
