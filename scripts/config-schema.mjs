// Makes tickbus.schema.json, by which editors complete and check tickbus.config.json, from the schema that the package
// validates with, and the tables of docs/configuration.md from the same and from the presets. `--check` writes nothing and
// fails when either file is stale.
import { readFileSync, writeFileSync } from 'node:fs'
import { toJsonSchema } from '@valibot/to-json-schema'
import { tsImport } from 'tsx/esm/api'

const root = new URL('..', import.meta.url)
const config = (name) => tsImport(`../ts/client/config/${name}.ts`, import.meta.url)
const { fileSchema, LANE_NAME } = await config('schema')
const { presets } = await config('presets')

const schema = jsonSchema()
const wanted = { 'tickbus.schema.json': `${JSON.stringify(schema, null, 2)}\n`, 'docs/configuration.md': document() }
const check = process.argv.includes('--check')
const stale = Object.entries(wanted).filter(([path, text]) => read(path) !== text)
for (const [path, text] of stale) {
  if (check) console.error(`${path} is stale: run "node scripts/config-schema.mjs"`)
  else writeFileSync(new URL(path, root), text)
}
process.exitCode = check && stale.length > 0 ? 1 : 0

function jsonSchema() {
  const { $schema, properties, ...rest } = toJsonSchema(fileSchema)
  // valibot's object knows its names one by one only.
  const lanes = { ...properties.lanes, propertyNames: { pattern: LANE_NAME.source } }
  return { $schema, title: 'Configuration of a Tickbus client', ...rest, properties: { ...properties, lanes } }
}

/** docs/configuration.md with what stands between its marks made anew. */
function document() {
  const tables = { options: optionTable(schema, ''), presets: presetTable() }
  return Object.entries(tables).reduce((text, [name, table]) => {
    const marks = new RegExp(`(<!-- ${name}: .*? -->\n).*?(<!-- end of ${name} -->)`, 's')
    if (!marks.test(text)) throw new Error(`docs/configuration.md has no marks for its table of ${name}`)
    return text.replace(marks, (_, begin, end) => `${begin}\n${table}\n${end}`)
  }, read('docs/configuration.md'))
}

function optionTable() {
  const { $schema: _, lanes, workers, journal, routes, ...options } = schema.properties
  const { shed, ...lane } = lanes.additionalProperties.properties
  const rows = [
    ...rowsOf(options, ''),
    ...rowsOf(workers.properties, 'workers.'),
    ['`journal`', 'object', journal.description],
    ...rowsOf(journal.properties, 'journal.'),
    ...rowsOf(lane, 'lanes.NAME.'),
    ['`lanes.NAME.shed`', 'object', shed.description],
    ...rowsOf(shed.properties, 'lanes.NAME.shed.'),
    ['`routes`', 'list', routes.description],
    ...rowsOf(routes.items.properties, 'routes[].'),
  ]
  return table(['option', 'values', 'meaning'], rows)
}

function rowsOf(properties, prefix) {
  return Object.entries(properties).map(([name, part]) => [`\`${prefix}${name}\``, values(part), part.description])
}

function values({ enum: words, type, minimum, maximum }) {
  if (words) return words.map((word) => `\`${word}\``).join(', ')
  if (type === 'boolean') return '`true`, `false`'
  if (type === 'string') return 'text'
  const kind = type === 'integer' ? 'whole, ' : ''
  return `${kind}${count(minimum)} to ${count(maximum)}`
}

function presetTable() {
  const names = Object.keys(presets)
  const row = (title, of) => [title, ...names.map((name) => of(presets[name]))]
  const lane = (name) => row(`lane \`${name}\``, ({ lanes }) => laneText(lanes[name]))
  const rows = [
    ...['critical', 'high', 'normal', 'low'].map(lane),
    row('`policy`, `ageMs`', ({ policy, ageMs }) => `${policy}, ${ageMs}`),
    row('`workers`, `autoscale`', ({ workers, autoscale }) => `${workers.min} to ${workers.max}, ${autoscale}`),
    row('`memoryMb`', ({ memoryMb }) => String(memoryMb)),
    row('`payloadBytes`', ({ payloadBytes }) => count(payloadBytes)),
    ...['critical', 'high', 'low'].map((name) => row(`routes to \`${name}\``, ({ routes }) => patterns(routes, name))),
  ]
  return table(['', ...names], rows)
}

function laneText({ capacity, overflow, timeoutMs }) {
  return `${count(capacity)}, ${overflow}${overflow === 'block' ? ` ${timeoutMs} ms` : ''}`
}

function patterns(routes, lane) {
  return routes
    .filter((route) => route.lane === lane)
    .map(({ pattern }) => `\`${pattern}\``)
    .join(', ')
}

function table(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

function count(value) {
  return value.toLocaleString('en-US')
}

function read(path) {
  try {
    return readFileSync(new URL(path, root), 'utf8')
  } catch (error) {
    // A missing file is a stale file.
    if (error.code === 'ENOENT') return ''
    throw error
  }
}
