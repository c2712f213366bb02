// npm run lint: every check that reads code without running it. All of them run, then the exit code tells.
// The Rust ones need cargo; without it they are left out, and that is said.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { onPath, root } from './setup.mjs'

const tool =
  (path) =>
  (...args) => [process.execPath, [join(root, path), ...args]]
const oxlint = tool('node_modules/oxlint/bin/oxlint')
const oxfmt = tool('node_modules/oxfmt/bin/oxfmt')
const tsc = tool('node_modules/typescript/bin/tsc')
const script = (name, ...args) => tool(`scripts/${name}`)(...args)
const cargo = (...args) => ['cargo', args]

const checks = {
  oxlint: oxlint('--deny-warnings', '--report-unused-disable-directives'),
  oxfmt: oxfmt('--check'),
  'types of the tests': tsc('-p', '__test__'),
  'types of the benchmarks': tsc('-p', 'benchmark', '--noEmit'),
  'types of the simulation': tsc('-p', 'simulation', '--noEmit'),
  floors: script('floors.mjs'),
  layout: script('layout.mjs', '--check'),
  'configuration schema': script('config-schema.mjs', '--check'),
}
const rust = {
  clippy: cargo('clippy', '--workspace', '--all-targets', '--', '-D', 'warnings'),
  'cargo fmt': cargo('fmt', '--all', '--check'),
}
if (onPath('cargo')) Object.assign(checks, rust)
else console.log('lint: no cargo on the PATH, so clippy and cargo fmt are left out')

let failed = 0
for (const [name, [command, args]] of Object.entries(checks)) {
  const started = performance.now()
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`lint: ${name} ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s`)
  if (status !== 0) failed += 1
}
process.exitCode = failed > 0 ? 1 : 0
