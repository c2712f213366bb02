// Holds the floors of the house (docs/architecture.md): imports in ts/ point to a lower floor, they enter a folder only
// by its index, no files import each other's values in a circle, and nothing under crates/ knows Node-API.
//
// `node scripts/floors.mjs [ROOT]` checks a checkout; the spec gives it small broken ones.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** Files and folders of ts/, from the ground up. */
const floors = [
  ['errors', 'layout', 'system'],
  ['lane-core', 'autoscale-core', 'journal-core', 'market-core', 'arbitrage-core'],
  ['core'],
  ['fallback'],
  ['native'],
  ['bus', 'simulation'],
  ['workers', 'delivery'],
  ['client'],
  ['market', 'redis', 'testing'],
  ['intelligence'],
  ['monitoring', 'trading'],
  ['demo', 'cli'],
  ['index'],
]

const root = resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)))
const modules = readModules(join(root, 'ts'))
const faults = [...floorFaults(), ...circles(), ...crateFaults()]
for (const fault of faults) console.error(`floors: ${fault}`)
process.exitCode = faults.length > 0 ? 1 : 0

/** Every module of ts/ with all that it imports from ts/, and apart from that what it needs to be evaluated. */
function readModules(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.ts'))
  return new Map(names.map((name) => [name.replaceAll('\\', '/'), readImports(folder, name)]))
}

function readImports(folder, name) {
  const text = readFileSync(join(folder, name), 'utf8')
  const target = (specifier) => relative(folder, join(folder, dirname(name), specifier)).replaceAll('\\', '/')
  const inside = (specifiers) =>
    specifiers.filter((s) => s.startsWith('.')).map((s) => target(s).replace(/\.js$/, '.ts'))
  const parsed = ts.createSourceFile(name, text, ts.ScriptTarget.Latest)
  const values = parsed.statements.filter((statement) => isImport(statement) && !isTypeOnly(statement))
  return {
    all: inside(ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName)),
    values: inside(values.map((statement) => statement.moduleSpecifier.text)),
  }
}

function isImport(statement) {
  return (
    (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) && statement.moduleSpecifier !== undefined
  )
}

function isTypeOnly(statement) {
  return statement.isTypeOnly ?? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
}

function floorFaults() {
  return [...modules].flatMap(([from, { all }]) => all.map((to) => floorFault(from, to)).filter(Boolean))
}

function floorFault(from, to) {
  const [here, there] = [room(from), room(to)]
  // The generated binding lies outside ts/, for ts/native alone.
  if (there === '..') return here === 'native' ? undefined : `${from} reaches out of ts/ to ${to}`
  const [own, other] = [floorOf(here), floorOf(there)]
  if (own < 0) return `${here} has no floor: give it one in scripts/floors.mjs`
  if (here === there) return undefined
  if (other < 0) return `${there} has no floor: give it one in scripts/floors.mjs`
  if (other >= own) return `${from} imports ${to}, which is not below it: imports point down`
  if (to.includes('/') && to !== `${there}/index.ts`) return `${from} imports ${to}: enter ${there}/ by its index`
  return undefined
}

/** First part of a path below ts/: a folder, or a file's name without its ending. */
function room(path) {
  return path.split('/')[0].replace(/\.ts$/, '')
}

function floorOf(name) {
  return floors.findIndex((rooms) => rooms.includes(name))
}

/** One fault for each circle of value imports that a walk from any module runs into. Types are gone when code runs. */
function circles() {
  const done = new Set()
  const found = []
  const walk = (name, path) => {
    if (path.includes(name)) return found.push(`circle: ${[...path.slice(path.indexOf(name)), name].join(' -> ')}`)
    if (done.has(name)) return
    for (const next of modules.get(name)?.values ?? []) walk(next, [...path, name])
    done.add(name)
  }
  for (const name of modules.keys()) walk(name, [])
  return found
}

function crateFaults() {
  const crates = join(root, 'crates')
  const manifests = existsSync(crates) ? readdirSync(crates).map((name) => join(crates, name, 'Cargo.toml')) : []
  const naming = manifests.filter((path) => existsSync(path) && /^napi\b/m.test(readFileSync(path, 'utf8')))
  return naming.map((path) => `${relative(root, path)} depends on Node-API: that belongs to src/`)
}
