import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { headlines } from '../../benchmark/headlines.js'
import { modules, questions } from '../../benchmark/main.js'
import type { Question, Target } from '../../benchmark/question.js'
import type { CaseReport, Report } from '../../benchmark/report.js'
import { effort } from '../../benchmark/runner.js'

const main = fileURLToPath(new URL('../../dist/benchmark/main.js', import.meta.url))
const groups = questions.filter((name) => !name.includes('/'))

test('the questions are there under their names and in their groups', (t) => {
  t.true(groups.includes('crossing'))
  t.true(groups.includes('boundary'))
  t.true(groups.includes('bus'))
  t.true(questions.includes('crossing/latency'))
})

for (const { question: name, ours, rival, row } of headlines) {
  test(`the README can show ${name}: it promises something there`, async (t) => {
    const { targets } = await load(modules[name]!)
    const isMeant = (target: Target) => target.ours === ours && target.rival === rival
    t.true(targets.some((target) => isMeant(target) && target.rows?.includes(row) !== false))
  })
}

for (const [name, module] of Object.entries(modules)) {
  test(`${name} is well-formed: nothing is promised for a row, case or figure that it does not have`, async (t) => {
    const question = await load(module)
    const { rows, figures, rivals, ours, targets, bounds = [] } = question
    const cases = [...Object.keys(rivals), ...Object.keys(ours)]
    t.is(question.name, name)
    t.regex(question.asks, /\?$/)
    t.true(Object.keys(rows).length > 0 && Object.keys(figures).length > 0 && Object.keys(ours).length > 0)
    t.is(new Set(cases).size, cases.length, 'a name is shared')
    t.false(cases.includes('base'))
    for (const target of [...targets, ...bounds]) {
      const of = JSON.stringify(target)
      t.true(target.ours in ours, of)
      for (const row of target.rows ?? []) t.true(row in rows, of)
      t.false(target.must === undefined && target.aim === undefined, of)
    }
    for (const { rival } of targets) t.true(cases.includes(rival), rival)
    for (const { figure } of bounds) t.is(figures[figure]?.better, 'less', figure)
  })
}

// A process for each case of each row takes minutes: the long run plays every row, this one the first of each question.
const isLong = process.env.TICKBUS_LONG === '1'
const rows = isLong ? [] : ['--rows', '1']

// One after the other: two at a time on two cores would only be slower.
for (const group of groups) {
  test.serial(`${group}: every message of every case arrives, and every ratio is there`, async (t) => {
    t.timeout(300_000, 'a group takes up to a minute, and more where others use the machine, too')
    const { code, stdout, stderr } = await bench(group, '--quick', '--json', ...rows)
    t.is(code, 0, stderr)
    const report = JSON.parse(stdout) as Report
    t.true(report.quick)
    t.true(report.questions.length > 0)
    for (const question of report.questions) {
      const everPlayed = new Set(question.rows.flatMap(({ cases }) => cases.filter(hasPlayed).map(({ name }) => name)))
      for (const { cases, ratios } of question.rows) {
        const played = cases.filter(hasPlayed)
        const [figure] = Object.keys(question.figures)
        for (const each of cases) {
          // A rival need not be able to do what every row asks, but some.
          const isOfOtherRows = each.kind === 'rival' && (!isLong || everPlayed.has(each.name))
          const mayBeLeftOut = isNative(each) || isOfOtherRows
          t.true(hasPlayed(each) || mayBeLeftOut, `${each.name}: ${each.unavailable}`)
        }
        for (const { name, rounds, published, delivered, figures } of played) {
          t.is(rounds, effort.quick.rounds, name)
          t.true(published > 0 && delivered === published, name)
          t.true(Number.isFinite(figures[figure].median), name)
        }
        const of = (kind: CaseReport['kind']) => played.filter((each) => each.kind === kind)
        for (const ours of of('ours'))
          for (const rival of of('rival'))
            t.true(ratios.some((ratio) => ratio.ours === ours.name && ratio.rival === rival.name))
        const left = cases.filter(({ kind, unavailable }) => kind === 'ours' && unavailable !== null)
        t.true(
          of('ours').length > 0 || (left.length > 0 && left.every(isNative)),
          'ours plays, unless it needs the addon that is not there',
        )
      }
    }
  })
}

test('without --json there are tables, and a quick run says what it is', async (t) => {
  const { code, stdout } = await bench('crossing/objects', '--quick', '--rows', '1')
  t.is(code, 0)
  t.regex(stdout, /^QUICK RUN/)
  t.regex(stdout, /\| postMessage of the object +\| 2 /)
})

const misuses = {
  'an unknown question': { args: ['crosing'], says: /no benchmark "crosing".*crossing\/quotes/ },
  'no question': { args: [], says: /Usage: .* NAME/ },
  'two questions': { args: ['crossing', 'boundary'], says: /Usage: .* NAME/ },
  'no number of rows': { args: ['crossing', '--rows', '0'], says: /Usage: .*--rows N/ },
  'an unknown option': { args: ['crossing', '--fast'], says: /--fast/ },
}
for (const [misuse, { args, says }] of Object.entries(misuses)) {
  test(`${misuse} is wrong usage`, async (t) => {
    const { code, stdout, stderr } = await bench(...args)
    t.is(code, 2)
    t.is(stdout, '')
    t.regex(stderr, says)
  })
}

async function load(module: string): Promise<Question> {
  const place = new URL(module, new URL('../../benchmark/main.ts', import.meta.url))
  return ((await import(place.href)) as { default: Question }).default
}

function hasPlayed({ unavailable }: CaseReport): boolean {
  return unavailable === null
}

/** Without the addon, and only then, what needs it is left out. */
function isNative({ name }: CaseReport): boolean {
  return name.startsWith('native') || name.includes('napi')
}

async function bench(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  return { stdout, stderr, code }
}
