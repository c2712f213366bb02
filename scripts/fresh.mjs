// Makes every generated file that is committed anew, in place, and fails if one of them was stale: in a clean clone what
// is compared is what was committed, in a tree at work what lay there. Needs no git.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { binary, onPath, root, setupOrExit } from './setup.mjs'

const rust = onPath('cargo') !== undefined
const generated = [
  'ts/layout.ts',
  'crates/bus/src/layout.rs',
  'index.d.ts',
  'docs/errors.md',
  'docs/configuration.md',
  'tickbus.schema.json',
]
const generatedByCargo = ['native/binding.cjs', 'native/binding.d.cts']
if (!rust) console.log('fresh: no cargo on the PATH, so the loader in native/ is not made anew')

const paths = rust ? [...generated, ...generatedByCargo] : generated
const before = new Map(paths.map((path) => [path, read(path)]))
regenerate()
const stale = paths.filter((path) => read(path) !== before.get(path))
for (const path of paths)
  console.log(`fresh: ${path} ${stale.includes(path) ? 'WAS STALE, commit it as it is now' : 'ok'}`)
process.exitCode = stale.length > 0 ? 1 : 0

/** Set-up builds what looks old, so everything is made to look old. */
function regenerate() {
  run('layout.mjs')
  const built = binary()
  if (rust && built) utimesSync(built, 0, 0)
  rmSync(join(root, 'dist/.built'), { force: true })
  setupOrExit()
  run('errors-doc.mjs')
  run('config-schema.mjs')
}

function run(script) {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', script)], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

function read(path) {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined
}
