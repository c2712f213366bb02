// Compiles ts/ to dist/, bundles the public types to index.d.ts, then compiles benchmark/, which imports the package
// by its name and so needs both. dist/.built carries the time at which the build began.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import { files, output, root } from './setup.mjs'

const started = new Date()
const dist = join(root, 'dist')
// A class has one declaration: with a second one beside it, TypeScript would refuse an object made by the first. So what
// `tickbus` exports comes from there; of the rooms below, the market's own types are written out.
const typesOfTheBus = {
  name: 'types-of-the-bus',
  resolveId(id, importer) {
    if (!id.startsWith('.') || importer === undefined) return null
    const [room] = relative(dist, join(dirname(importer), id)).split(sep)
    return /^(market|fallback)/.test(room) ? null : { id: 'tickbus', external: true }
  },
}

discardStale()
compile('tsconfig.json')
chmodSync(join(dist, 'cli/main.js'), 0o755)
await bundleTypes('index.d.ts', 'index.d.ts')
await bundleTypes('market/index.d.ts', 'dist/market.d.ts', typesOfTheBus)
if (files(join(root, 'benchmark')).length > 0) compile('benchmark/tsconfig.json')
stamp()

/** Removes what sources that are gone have left, and lets tsc emit again what was deleted behind its back. */
function discardStale() {
  mkdirSync(dist, { recursive: true })
  const wanted = new Set(files(join(root, 'ts')).map(output))
  const isOurs = (name) => /\.(js|d\.ts)$/.test(name) && !name.startsWith('benchmark')
  const present = readdirSync(dist, { recursive: true })
    .filter(isOurs)
    .map((name) => join(dist, name))
  for (const path of present) if (!wanted.has(path.replace(/\.d\.ts$/, '.js'))) rmSync(path)
  if ([...wanted].some((path) => !existsSync(path))) rmSync(join(dist, '.tsbuildinfo'), { force: true })
}

function compile(project) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', project], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

/** Bundles what an entry exports into one file. */
async function bundleTypes(entry, file, ...plugins) {
  const bundle = await rollup({
    input: join(dist, entry),
    external: (id) => !/^[./]/.test(id),
    plugins: [...plugins, dts()],
    onwarn: (warning) => {
      throw new Error(warning.message)
    },
  })
  const banner = '// The public API of tickbus. Made by scripts/build-ts.mjs from ts/. Do not edit.\n'
  await bundle.write({ file: join(root, file), format: 'es', banner })
}

function stamp() {
  const path = join(dist, '.built')
  writeFileSync(path, '')
  utimesSync(path, started, started)
}
