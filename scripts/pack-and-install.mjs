// Packs the package as a release does, installs the tarballs in empty folders, and looks whether it stands there: with
// its binary, without it, and with optional packages omitted; imported and required; with its types; by its command.
// Ends with `install: N passed, N failed`. Dependencies come from npm's cache or its registry, nothing of ours does.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { binary, onPath, root, setupOrExit } from './setup.mjs'

setupOrExit()
const work = mkdtempSync(join(tmpdir(), 'tickbus-install-'))
const tool = (path) => join(root, 'node_modules', path)
let passed = 0
let failed = 0

try {
  checkAll()
} finally {
  rmSync(work, { recursive: true, force: true })
}
console.log(`install: ${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

function checkAll() {
  const { tarball, platformTarball } = pack()
  check('publint', () => node([tool('publint/src/cli.js'), 'run', tarball, '--strict']))
  // Every Node.js that we support can require() an ES module; attw's rule is about those that cannot.
  const rules = ['--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm']
  check('are the types wrong', () => node([tool('@arethetypeswrong/cli/dist/index.js'), tarball, ...rules]))

  const omitted = consumer('omitted', tarball, platformTarball, '--omit=optional')
  stands(omitted, 'js', '--omit=optional')
  const nodeTypes = ['--typeRoots', tool('@types'), '--types', 'node']
  check('a consumer compiles against the types', () => node([tool('typescript/bin/tsc'), '-p', omitted, ...nodeTypes]))
  if (!platformTarball)
    return console.log('skip  there is no native binary, so only the JavaScript backend was installed')

  const whole = consumer('whole', tarball, platformTarball)
  stands(whole, 'native', 'with the binary')
  rmSync(join(whole, 'node_modules/@tickbus'), { recursive: true })
  stands(whole, 'js', 'without the binary')
}

/** The tarball of the package, and that of this machine's binary if there is one. */
function pack() {
  const stage = join(work, 'stage')
  for (const path of [
    'package.json',
    'README.md',
    'LICENSE',
    'dist',
    'index.d.ts',
    'native',
    'examples',
    'tickbus.schema.json',
  ]) {
    cpSync(join(root, path), join(stage, path), { recursive: true })
  }
  if (!binary() || !onPath('cargo')) return { tarball: npmPack(stage) }
  const manifest = JSON.parse(readFileSync(join(stage, 'package.json'), 'utf8'))
  manifest.napi.targets = [/^host: (.+)$/m.exec(must(run('rustc', ['-vV'])))[1]]
  writeFileSync(join(stage, 'package.json'), JSON.stringify(manifest))
  const napi = (...args) => must(node([tool('@napi-rs/cli/dist/cli.js'), ...args, '--cwd', stage]))
  napi('create-npm-dirs')
  napi('artifacts', '--output-dir', 'native')
  napi('pre-publish', '-t', 'npm', '--skip-optional-publish', '--no-gh-release')
  const [platform] = readdirSync(join(stage, 'npm'))
  return { tarball: npmPack(stage), platformTarball: npmPack(join(stage, 'npm', platform)) }
}

function npmPack(folder) {
  // `prepack` has been done by set-up; there is nothing to build from in the stage.
  const [{ filename }] = JSON.parse(must(npm(folder, 'pack', '--ignore-scripts', '--json', '--pack-destination', work)))
  return join(work, basename(filename))
}

/** An empty project that installed the tarballs. */
function consumer(name, tarball, platformTarball, ...flags) {
  const folder = join(work, name)
  mkdirSync(folder)
  cpSync(join(root, '__test__/install/consumer'), folder, { recursive: true })
  const manifest = { name, private: true, type: 'module', dependencies: { tickbus: `file:${tarball}` }, overrides: {} }
  if (platformTarball) {
    const { optionalDependencies } = JSON.parse(readFileSync(join(work, 'stage/package.json'), 'utf8'))
    for (const platform of Object.keys(optionalDependencies)) manifest.overrides[platform] = `file:${platformTarball}`
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  check(`install ${flags.join(' ') || 'everything'}`, () =>
    npm(folder, 'install', '--prefer-offline', '--no-audit', ...flags),
  )
  return folder
}

/** Imports, requires and runs the installed package, which must say that it runs on `backend`. */
function stands(folder, backend, title) {
  const warnings = backend === 'js' ? 1 : 0
  for (const file of ['imports.mjs', 'requires.cjs']) {
    check(`${title}: ${file} runs on ${backend}`, () =>
      saysBackend(run(process.execPath, [file], folder), backend, warnings),
    )
  }
  const doctor = join('node_modules', '.bin', 'tickbus')
  check(`${title}: tickbus doctor says ${backend}`, () =>
    saysBackend(run(doctor, ['doctor', '--json'], folder), backend),
  )
}

function saysBackend(result, backend, warnings) {
  if (result.status !== 0) return result
  const said = JSON.parse(result.stdout).backend
  const warned = result.stderr.split('\n').filter((line) => line.includes('[TICKBUS_')).length
  if (said === backend && (warnings === undefined || warned === warnings)) return result
  return { status: 1, stdout: result.stdout, stderr: `${result.stderr}\nbackend ${said}, ${warned} warning(s)` }
}

function check(title, body) {
  const { status, stdout, stderr } = body()
  console.log(`${status === 0 ? 'ok   ' : 'FAIL '} ${title}`)
  if (status === 0) return (passed += 1)
  console.log(`${stdout}\n${stderr}`)
  return (failed += 1)
}

function must({ status, stdout, stderr }) {
  if (status === 0) return stdout
  throw new Error(`${stdout}\n${stderr}`)
}

function node(args) {
  return run(process.execPath, args)
}

function npm(folder, ...args) {
  return run('npm', args, folder)
}

function run(command, args, cwd = root) {
  const { TICKBUS_BACKEND: _, ...env } = process.env
  return spawnSync(command, args, { cwd, env, encoding: 'utf8', shell: process.platform === 'win32' })
}
