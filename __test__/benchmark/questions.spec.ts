import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { questions } from '../../benchmark/main.js'
import type { CaseReport, Report } from '../../benchmark/report.js'
import { effort } from '../../benchmark/runner.js'

const main = fileURLToPath(new URL('../../dist/benchmark/main.js', import.meta.url))
const groups = questions.filter((name) => !name.includes('/'))

test('the questions are there under their names and in their groups', (t) => {
  t.true(groups.includes('crossing'))
  t.true(groups.includes('boundary'))
  t.true(questions.includes('crossing/latency'))
})

// One after the other: two at a time on two cores would only be slower.
for (const group of groups) {
  test.serial(`${group}: every message of every case arrives, and every ratio is there`, async (t) => {
    const { code, stdout, stderr } = await bench(group, '--quick', '--json')
    t.is(code, 0, stderr)
    const report = JSON.parse(stdout) as Report
    t.true(report.quick)
    t.true(report.questions.length > 0)
    for (const question of report.questions) {
      for (const { cases, ratios } of question.rows) {
        const played = cases.filter(({ unavailable }) => unavailable === null)
        const [figure] = Object.keys(question.figures)
        for (const each of cases)
          if (each.unavailable !== null) t.true(isNative(each), `${each.name}: ${each.unavailable}`)
        for (const { name, rounds, published, delivered, figures } of played) {
          t.is(rounds, effort.quick.rounds, name)
          t.true(published > 0 && delivered === published, name)
          t.true(Number.isFinite(figures[figure].median), name)
        }
        const of = (kind: CaseReport['kind']) => played.filter((each) => each.kind === kind).length
        t.is(ratios.length, of('ours') * of('rival'))
        const left = cases.filter(({ kind, unavailable }) => kind === 'ours' && unavailable !== null)
        t.true(
          of('ours') > 0 || (left.length > 0 && left.every(isNative)),
          'ours plays, unless it needs the addon that is not there',
        )
      }
    }
  })
}

test('without --json there are tables, and a quick run says what it is', async (t) => {
  const { code, stdout } = await bench('crossing/objects', '--quick')
  t.is(code, 0)
  t.regex(stdout, /^QUICK RUN/)
  t.regex(stdout, /\| postMessage of the object +\| 2 /)
})

const misuses = {
  'an unknown question': { args: ['crosing'], says: /no benchmark "crosing".*crossing\/quotes/ },
  'no question': { args: [], says: /Usage: .* NAME/ },
  'two questions': { args: ['crossing', 'boundary'], says: /Usage: .* NAME/ },
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
