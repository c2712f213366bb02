import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { Scratch } from '../market/samples.js'
import { scenarioFile } from '../simulation/scenarios.js'
import { main, run, tickbus } from './command.js'

const trace = scenarioFile('d-slow')

test('--json prints every law with its waits, workers and changes', async (t) => {
  const { code, stdout } = await tickbus('simulate', 'autoscale', '--trace', trace, '--json')
  t.is(code, 0)
  const { trace: read, seeds, messages, rivalTickMs, laws } = JSON.parse(stdout)
  t.like(read, { cores: 2, spawnMs: 25, seed: 1 })
  t.deepEqual([seeds, rivalTickMs], [[1], 100])
  t.true(messages > 100_000)
  const names = [
    'tickbus',
    'fixed 1',
    'fixed 10',
    'fixed 50',
    'threshold',
    'utilisation',
    'backlog per worker',
    'PID on age',
  ]
  t.deepEqual(
    laws.map(({ law }: { law: string }) => law),
    names,
  )
  for (const law of laws) {
    t.deepEqual(Object.keys(law.waitMs), ['p50', 'p99', 'p999'])
    for (const field of ['meanWorkers', 'peakWorkers', 'workerSeconds', 'actionsPerMinute'])
      t.is(typeof law[field], 'number')
  }
})

test('the same trace and seeds print the same bytes, on either backend', async (t) => {
  const args = [main, 'simulate', 'autoscale', '--trace', trace, '--seeds', '2', '--fixed', '50', '--json']
  const outcomes = [await run(args), await run(args), await run(args, { TICKBUS_BACKEND: 'js' })]
  for (const { code, stdout } of outcomes) {
    t.is(code, 0)
    t.is(stdout, outcomes[0]!.stdout)
  }
  t.deepEqual(JSON.parse(outcomes[0]!.stdout).seeds, [1, 2])
})

test('without --json there is a table, and how far it is on stderr', async (t) => {
  const { code, stdout, stderr } = await tickbus('simulate', 'autoscale', '--trace', trace, '--fixed', '2,50')
  t.is(code, 0)
  t.regex(stdout, /^D: .*\n +wait p50 +p99 +p99\.9 +workers +peak +worker-s +actions\/min\n {2}tickbus +0 /)
  t.regex(stdout, /\n {2}fixed 2 .*\n {2}fixed 50 /)
  t.regex(stderr, /Simulating .*Simulated 119,\d{3} messages a run/s)
})

test('a trace with faults exits with 1 and lists all of them', async (t) => {
  const file = new Scratch(t).file(
    'bad.json',
    JSON.stringify({ cores: 0, spawnMs: 25, arrivals: [{ untilMs: 9, ratePerS: -1 }], seed: 1 }),
  )
  const { code, stdout, stderr } = await tickbus('simulate', 'autoscale', '--trace', file, '--json')
  t.is(code, 1)
  t.is(JSON.parse(stdout).error.code, 'TICKBUS_TRACE')
  for (const fault of [/- cores: /, /- service: is missing/, /- arrivals\[0\]\.ratePerS: /]) t.regex(stderr, fault)
})

for (const [what, text, says] of [
  ['no file', undefined, /there is no such file/],
  ['no JSON', '{', /JSON/],
] as const) {
  test(`${what} exits with 1 and says so`, async (t) => {
    const file = text === undefined ? '/nowhere/trace.json' : new Scratch(t).file('trace.json', text)
    const { code, stderr } = await tickbus('simulate', 'autoscale', '--trace', file)
    t.is(code, 1)
    t.regex(stderr, says)
  })
}

for (const [what, args, says] of [
  ['no trace', [], /required option '--trace <FILE>'/],
  ['no seeds', ['--trace', trace, '--seeds', '0'], /whole number from 1 to 1,000/],
  ['a size beyond bounds', ['--trace', trace, '--fixed', '1,51'], /whole numbers from 1 to 50/],
  ['a tick that is a word', ['--trace', trace, '--rival-tick', 'often'], /whole number from 1 to 60,000/],
  ['an unknown option', ['--trace', trace, '--sead', '3'], /unknown option '--sead'/],
] as const) {
  test(`${what} exits with 2 and says what to do`, async (t) => {
    const { code, stdout, stderr } = await tickbus('simulate', 'autoscale', ...args)
    t.is(code, 2)
    t.is(stdout, '')
    t.regex(stderr, says)
    t.regex(stderr, /Usage: tickbus simulate autoscale .*--help/)
  })
}

for (const args of [['simulate'], ['simulate', 'autoscale']]) {
  test(`tickbus ${args.join(' ')} --help has an example and exits with 0`, async (t) => {
    const { code, stdout } = await tickbus(...args, '--help')
    t.is(code, 0)
    t.regex(stdout, /Examples?:\n {2}tickbus simulate autoscale --trace /)
  })
}

test('a simulation that there is none of exits with 2', async (t) => {
  const { code, stderr } = await tickbus('simulate', 'riots')
  t.is(code, 2)
  t.regex(stderr, /unknown command 'riots'/)
})

test('a simulated market is written as recordings that replay reads, the same on either backend', async (t) => {
  const { folder } = new Scratch(t)
  const args = ['simulate', 'market', '--seed', '3', '--seconds', '2', '--symbols', 'BTC', '--dislocations', '300']
  const [native, js] = [join(folder, 'native'), join(folder, 'js')]
  const made = await tickbus(...args, '--frames', '--out', native)
  t.is(made.code, 0, made.stderr)
  t.regex(made.stderr, /Wrote [\d,]+ simulated messages with \d+ dislocations? to/)
  await run([main, ...args, '--frames', '--out', js], { TICKBUS_BACKEND: 'js' })
  const names = readdirSync(native)
  t.is(names.length, 6)
  for (const name of names) t.true(readFileSync(join(native, name)).equals(readFileSync(join(js, name))), name)
  const files = names.filter((name) => name.endsWith('.gz')).map((name) => join(native, name))
  const replayed = await tickbus('replay', ...files, '--json')
  t.is(replayed.code, 0, replayed.stderr)
  const { messages } = JSON.parse(readFileSync(join(native, 'simulated.json'), 'utf8'))
  const { quotes, trades, rejected } = JSON.parse(replayed.stdout).messages
  t.deepEqual([quotes + trades, rejected], [messages, 0])
})

const marketMisuses = {
  'no seed': ['--seconds', '1', '--out', 'x'],
  'no place': ['--seed', '1', '--seconds', '1'],
  'too long': ['--seed', '1', '--seconds', '86401', '--out', 'x'],
  'a seed in words': ['--seed', 'one', '--seconds', '1', '--out', 'x'],
}
for (const [misuse, args] of Object.entries(marketMisuses)) {
  test(`simulating a market with ${misuse} is wrong usage`, async (t) => {
    const { code, stdout } = await tickbus('simulate', 'market', ...args)
    t.deepEqual([code, stdout], [2, ''])
  })
}

test('a venue that nobody knows is refused by its name', async (t) => {
  const args = ['--seed', '1', '--seconds', '1', '--out', 'x', '--venues', 'NYSE']
  const { code, stderr } = await tickbus('simulate', 'market', ...args)
  t.is(code, 1)
  t.regex(stderr, /venues.*BINANCE.*"NYSE".*TICKBUS_ARGUMENT/)
})
