import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { codes } from 'tickbus'
import { LAYOUT_HASH, RING_WORD_HASH, RING_WORD_MAGIC } from '../../dist/layout.js'
import type { Binding } from '../../dist/native/index.js'
import { loadNative } from '../../dist/native/index.js'
import { codeOf } from '../conformance/backends.js'
import { cores } from './cores.js'
import { Page } from './roster.js'

const onNative = cores.some(({ backend }) => backend === 'native') ? test : test.skip

/** Every function that the interface declares, with the number of arguments that a raw one refuses to do without. */
const declared = {
  layoutHash: 0,
  version: 0,
  seated: 0,
  isMatching: 2,
  openRoutes: 0,
  openSchedule: 0,
  openAutoscaler: 0,
  openBooks: 0,
  openDecoder: 0,
  openArbitrage: 0,
  recoverJournal: 0,
  JournalReader: 0,
  openSimulation: 0,
  Environment: 0,
  probeNoop: 0,
  probeAdd: 0,
  probeText: 0,
  probeView: 0,
  Probe: 0,
  rawNoop: 0,
  rawAdd: 2,
  rawText: 1,
  rawView: 1,
} satisfies Record<keyof Binding, number>

const answer = () => new Uint8Array(new SharedArrayBuffer(64))

/** The code of whatever a call throws. */
function thrownCode(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
  return 'nothing was thrown'
}

onNative('the addon exports what the interface declares, and nothing else', (t) => {
  const { binding } = loadNative()
  const exported = Object.entries(binding).filter(([name]) => name !== '__napiBindingTarget')
  t.deepEqual(exported.map(([name]) => name).toSorted(), Object.keys(declared).toSorted())
  for (const [name, value] of exported) t.is(typeof value, 'function', name)
})

onNative('the addon answers as the interface declares', (t) => {
  const { binding } = loadNative()
  t.is(binding.layoutHash(), LAYOUT_HASH)
  t.is(binding.version(), (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version)
  t.is(binding.seated(), 0)
  t.true(binding.isMatching('ab', 'a?'))
  t.is(binding.rawNoop(), undefined)
  t.is(binding.probeNoop(), undefined)
  t.deepEqual([binding.rawAdd(1, 2), binding.probeAdd(1, 2), new binding.Probe().add(3)], [3, 3, 3])
  t.deepEqual([binding.rawText('é'), binding.probeText('é')], [2, 2])
  t.deepEqual([binding.rawView(new Uint8Array(5)), binding.probeView(new Uint8Array(5))], [5, 5])
  const calls = ['addPattern', 'removePattern', 'addTopic', 'removeTopic', 'resolve', 'affected', 'answerIn']
  t.deepEqual(Object.keys(binding.openRoutes(answer())), calls)
})

onNative('a raw function refuses what it cannot read, with a code', (t) => {
  const { binding } = loadNative()
  const raw = binding as unknown as Record<string, (...values: unknown[]) => unknown>
  for (const [name, count] of Object.entries(declared)) {
    if (count === 0) continue
    t.is(
      thrownCode(() => raw[name]!()),
      'TICKBUS_ARGUMENT',
      `${name} without arguments`,
    )
    t.is(
      thrownCode(() => raw[name]!({}, {})),
      'TICKBUS_ARGUMENT',
      `${name} of objects`,
    )
  }
  const routes = binding.openRoutes(answer()) as unknown as Record<string, (...values: unknown[]) => unknown>
  const wrong = {
    addPattern: [[1], []],
    removePattern: [['1']],
    addTopic: [[1]],
    removeTopic: [['1']],
    resolve: [[{}]],
    affected: [[undefined]],
  }
  for (const [name, lists] of Object.entries(wrong)) {
    for (const list of lists) {
      t.is(
        thrownCode(() => routes[name]!(...list)),
        'TICKBUS_ARGUMENT',
        name,
      )
    }
  }
})

onNative('an echo refuses what is no empty ring, and leaves nothing behind', (t) => {
  const { core, binding } = loadNative()
  const page = new Page()
  const ring = (words: Record<number, number>) => {
    const memory = new Int32Array(new SharedArrayBuffer(65_536))
    for (const [word, value] of Object.entries(words)) memory[Number(word)] = value
    return new Uint8Array(memory.buffer)
  }
  const seat = { roster: page.roster, slot: 3, generation: page.claim(3), to: 0 }
  const header = { [RING_WORD_MAGIC]: 0x54425247, [RING_WORD_HASH]: LAYOUT_HASH }
  for (const source of [ring({}), ring(header), ring({ ...header, [RING_WORD_HASH]: 1 })]) {
    t.is(
      codeOf(() => core.echo({ ...seat, source, target: source })),
      'TICKBUS_TICKET',
    )
  }
  t.is(
    codeOf(() => core.echo({ ...seat, source: page.roster, target: page.roster, to: 64 })),
    'TICKBUS_TICKET',
  )
  t.is(binding.seated(), 0)
})

test('every code in the Rust sources is in the table', (t) => {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const sources = ['src', 'crates'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => /^(?!.*tests\/).*\.rs$/.test(name))
      .map((name) => readFileSync(`${root}${folder}/${name}`, 'utf8')),
  )
  const used = new Set(sources.join('\n').match(/TICKBUS_[A-Z_]+/g))
  t.true(used.has('TICKBUS_TICKET'))
  t.deepEqual(
    [...used].filter((code) => !(code in codes)),
    [],
  )
})
