// Makes what a checkout lacks, or what is older than its sources: dependencies, the native binary, the JavaScript.
// Only Node built-ins, since it runs before anything is installed. It reports on stderr and never asks.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Brings the checkout up to date. Throws an Error that says what to do when a step fails. */
export function setup() {
  requireNode()
  dependencies()
  native()
  typescript()
}

/** The directory of the PATH that holds `program`, or undefined. */
export function onPath(program) {
  const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`] : [program]
  return process.env.PATH?.split(delimiter).find((folder) => names.some((name) => existsSync(join(folder, name))))
}

/** The binary that the loader would take on this machine, or undefined. A musl and a glibc one can lie side by side. */
export function binary() {
  const prefix = `tickbus.${process.platform}-${process.arch}`
  const names = readdirSync(join(root, 'native')).filter((name) => name.startsWith(prefix) && name.endsWith('.node'))
  const paths = names.map((name) => join(root, 'native', name))
  return paths.sort((a, b) => modified(b) - modified(a))[0]
}

/** The environment to run in. Where there is no binary set-up has said so; a forced backend does not say it again. */
export function environment() {
  return binary() ? process.env : { TICKBUS_BACKEND: 'js', ...process.env }
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Tickbus needs Node.js 20.19 or later, this is ${process.versions.node}. Install a newer Node.js.`)
  }
}

const unreachable = 'Look at what npm printed above; the registry must be within reach. Then run it again.'

function dependencies() {
  const installed = modified(join(root, 'node_modules/.package-lock.json'))
  if (installed >= modified(join(root, 'package-lock.json'))) return
  step('dependencies', installed === 0 ? 'not installed yet' : 'the lock file is newer', () => npm('ci'), unreachable)
}

const noCargo = 'no cargo on the PATH: the JavaScript backend runs (with Rust installed the native one is built)'
const rustFailed = 'Look at what cargo printed above. To go on without Rust, take cargo off the PATH.'

function native() {
  const built = binary()
  const sources = newest('Cargo.toml', 'Cargo.lock', 'build.rs', 'src', 'crates')
  if (sources === 0 || (built && modified(built) >= sources)) return
  if (!onPath('cargo')) {
    say(built ? 'the native binary is older than its sources and there is no cargo to build it' : noCargo)
    return
  }
  const started = new Date()
  const build = () => npm('run', '--silent', 'build:native')
  step('native binary', built ? 'sources are newer' : 'not built yet', build, rustFailed)
  // What was edited while it was being built must count as newer.
  const made = binary()
  if (!made) throw new Error('The native build ended well but left no binary in native/. Run "npm run build:native".')
  utimesSync(made, started, started)
}

function typescript() {
  const built = modified(join(root, 'dist/.built'))
  const sources = newest(
    'ts',
    'benchmark',
    'simulation',
    'tsconfig.json',
    'package.json',
    'package-lock.json',
    'scripts/build-ts.mjs',
    'scripts/bundle.mjs',
    'scripts/inline-layout.mjs',
  )
  const missing = files(join(root, 'ts')).some((path) => !existsSync(output(path)))
  if (built >= sources && !missing) return
  const why = built === 0 ? 'not built yet' : missing ? 'an output is missing' : 'sources are newer'
  const build = () =>
    spawnSync(process.execPath, [join(root, 'scripts/build-ts.mjs')], { stdio: ['ignore', 2, 2] }).status
  step('JavaScript', why, build, 'Mend what is reported above, then run it again.')
}

/** Where the build puts what it makes of a file under ts/. */
export function output(path) {
  return path.replace(join(root, 'ts'), join(root, 'dist')).replace(/\.ts$/, '.js')
}

/** All TypeScript sources under a folder. */
export function files(folder) {
  const entries = readdirSync(folder, { recursive: true })
  return entries.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts')).map((name) => join(folder, name))
}

/** Latest change of a source below these paths. */
function newest(...paths) {
  const below = (path) =>
    isFolder(path) ? readdirSync(path, { recursive: true }).map((name) => join(path, name)) : [path]
  const sources = paths
    .flatMap((path) => below(join(root, path)))
    .filter((path) => /\.(rs|toml|lock|ts|m?js|json)$/.test(path))
  return Math.max(0, ...sources.map(modified))
}

function isFolder(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** Milliseconds of the last change, 0 for what does not exist. */
function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** Runs one npm command, with everything it prints on stderr. Returns its exit code. */
function npm(...args) {
  // The npm that started us, where there is one: its own file needs no shell to run, on Windows either.
  const self = process.env.npm_execpath
  const [command, first] = self?.endsWith('.js') ? [process.execPath, [self]] : ['npm', []]
  const shell = command === 'npm' && process.platform === 'win32'
  return spawnSync(command, [...first, ...args], { cwd: root, stdio: ['ignore', 2, 2], shell }).status ?? 1
}

function step(name, why, run, remedy) {
  say(`${name}: ${why}, working ...`)
  const started = performance.now()
  const status = run()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (status !== 0) throw new Error(`${name} failed after ${seconds} s. ${remedy}`)
  say(`${name}: done in ${seconds} s`)
}

function say(text) {
  process.stderr.write(`setup: ${text}\n`)
}

/** Runs `setup`, or ends the process with what to do. */
export function setupOrExit() {
  try {
    setup()
  } catch (error) {
    say(error.message)
    process.exit(1)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setupOrExit()
