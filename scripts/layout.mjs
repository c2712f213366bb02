// Turns crates/bus/layout.json into crates/bus/src/layout.rs and ts/layout.ts, so that Rust and JavaScript cannot
// disagree about one offset. `--check` writes nothing and fails when either file is stale.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'

const root = new URL('..', import.meta.url)
const description = readFileSync(new URL('crates/bus/layout.json', root), 'utf8')
const layout = JSON.parse(description)
// White space and the prose may change; what is hashed is what both sides compute with.
const facts = layout.groups.flatMap((group) => group.constants.map(([name, value]) => `${name}=${Number(value)}`))
const hash = createHash('sha256')
  .update([layout.version, layout.line, layout.members, ...facts].join('\n'))
  .digest()
  .readUInt32LE(0)

const head = [
  ['LAYOUT_VERSION', layout.version, 'Raised when old and new code cannot share memory.'],
  [
    'LAYOUT_HASH',
    `0x${hash.toString(16).padStart(8, '0')}`,
    'Hash of every constant below; two threads whose hashes differ refuse each other.',
  ],
  ['LINE_BYTES', layout.line, 'Control words that different threads write lie this many bytes apart.'],
  ['MEMBERS', layout.members, 'Most threads of one bus.'],
]
const origin = 'Made by scripts/layout.mjs from crates/bus/layout.json. Do not edit.'

function rust() {
  const hexGroups = (text) => text.replace(/^0x(\w{4})(\w{4})$/, '0x$1_$2')
  const decimal = (text) => text.replace(/\B(?=(\d{3})+$)/g, '_')
  const number = (value) => (typeof value === 'string' ? hexGroups(value) : decimal(String(value)))
  const type = (name) =>
    /HASH|MAGIC|KIND|FLAG|OUTCOME_|STATE_|WAKE_(BUSY|POLLING|ASLEEP|STATE|COUNT)|VERSION/.test(name) &&
    !/_WORD_/.test(name)
      ? 'u32'
      : 'usize'
  const line = ([name, value, doc]) => `/// ${doc}\npub const ${name}: ${type(name)} = ${number(value)};\n`
  const groups = layout.groups.map((group) => `// ${group.name}: ${group.doc}\n\n${group.constants.map(line).join('')}`)
  return `//! Where everything lies in shared memory.\n//!\n//! ${origin}\n\n${head.map(line).join('')}\n${groups.join('\n')}`
}

function typescript() {
  const line = ([name, value, doc]) => `/** ${doc} */\nexport const ${name} = ${value}\n`
  const groups = layout.groups.map((group) => `// ${group.name}: ${group.doc}\n\n${group.constants.map(line).join('')}`)
  return `// Where everything lies in shared memory.\n//\n// ${origin}\n\n${head.map(line).join('')}\n${groups.join('\n')}`
}

const wanted = { 'crates/bus/src/layout.rs': rust(), 'ts/layout.ts': typescript() }
const check = process.argv.includes('--check')
let stale = 0
for (const [path, text] of Object.entries(wanted)) {
  const url = new URL(path, root)
  let current = ''
  try {
    current = readFileSync(url, 'utf8')
  } catch {
    // A missing file is a stale file.
  }
  if (current === text) continue
  if (check) {
    stale += 1
    console.error(`${path} is stale: run "node scripts/layout.mjs"`)
  } else {
    writeFileSync(url, text)
  }
}
process.exitCode = stale > 0 ? 1 : 0
