import test from 'ava'
import { checkout, script } from './checkout.js'

const sound = {
  'ts/errors.ts': 'export const codes = {}\n',
  'ts/native/index.ts': "export { load } from './load.js'\n",
  'ts/native/load.ts':
    "import '../errors.js'\nimport binding from '../../native/binding.cjs'\nexport const load = () => binding\n",
  'ts/bus/index.ts': "import { load } from '../native/index.js'\nexport const bus = load\n",
  'ts/index.ts': "export { bus } from './bus/index.js'\n",
  'crates/bus/Cargo.toml': '[dependencies]\ncrossbeam-queue = "0.3"\n',
}

test('a house whose imports all point down has no fault', (t) => {
  const { status, stderr } = script('floors.mjs', checkout(t, sound))
  t.is(stderr, '')
  t.is(status, 0)
})

function catches(title: string, files: Record<string, string>, fault: RegExp): void {
  test(title, (t) => {
    const { status, stderr } = script('floors.mjs', checkout(t, { ...sound, ...files }))
    t.regex(stderr, fault)
    t.is(stderr.trim().split('\n').length, 1)
    t.is(status, 1)
  })
}

catches(
  'an import that points up is caught, also when only its type is used',
  { 'ts/native/ring.ts': "import type { bus } from '../bus/index.js'\nexport type Bus = typeof bus\n" },
  /native\/ring\.ts imports bus\/index\.ts, which is not below it/,
)

catches(
  'an import from the same floor is caught',
  { 'ts/redis/index.ts': '', 'ts/market/index.ts': "import '../redis/index.js'\n" },
  /market\/index\.ts imports redis\/index\.ts, which is not below it/,
)

catches(
  'an import that goes past an index is caught, also when it is dynamic',
  { 'ts/bus/topic.ts': "export const late = () => import('../native/load.js')\n" },
  /bus\/topic\.ts imports native\/load\.ts: enter native\/ by its index/,
)

catches(
  'two files that need each other to be evaluated are caught',
  {
    'ts/bus/a.ts': "import { b } from './b.js'\nexport const a = () => b\n",
    'ts/bus/b.ts': "import { a } from './a.js'\nexport const b = () => a\n",
  },
  /circle: bus\/a\.ts -> bus\/b\.ts -> bus\/a\.ts/,
)

test('two files that know only each other’s types are no circle', (t) => {
  const files = {
    'ts/bus/a.ts': "import type { B } from './b.js'\nexport interface A { b: B }\n",
    'ts/bus/b.ts': "import type { A } from './a.js'\nexport interface B { a: A }\n",
  }
  const { status, stderr } = script('floors.mjs', checkout(t, { ...sound, ...files }))
  t.is(stderr, '')
  t.is(status, 0)
})

catches(
  'a new folder without a floor is caught',
  { 'ts/helpers/index.ts': "import '../errors.js'\n" },
  /helpers has no floor/,
)

catches(
  'a file that reaches out of ts/ is caught',
  { 'ts/bus/version.ts': "import manifest from '../../package.json'\nexport const { version } = manifest\n" },
  /bus\/version\.ts reaches out of ts\/ to \.\.\/package\.json/,
)

catches(
  'a crate that depends on Node-API is caught',
  { 'crates/bus/Cargo.toml': '[dependencies]\nnapi-derive = "3"\n' },
  /crates\/bus\/Cargo\.toml depends on Node-API/,
)
