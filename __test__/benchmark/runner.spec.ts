import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import type { QuestionReport } from '../../benchmark/report.js'
import { playCycle } from '../../benchmark/runner.js'

const player = fileURLToPath(new URL('./fixtures/play-sample.mjs', import.meta.url))

test('one case plays at a time, in order', async (t) => {
  const log: string[] = []
  const results = await playCycle(['A', 'B', 'C'], async (name) => {
    log.push(`${name} starts`)
    await Promise.resolve()
    log.push(`${name} ends`)
    return name.toLowerCase()
  })
  t.deepEqual(log, ['A starts', 'A ends', 'B starts', 'B ends', 'C starts', 'C ends'])
  t.deepEqual(results, ['a', 'b', 'c'])
})

test('the rounds of real processes take turns too, warm-up first', async (t) => {
  const { code, stdout, rounds } = await playLogged(t)
  t.is(code, 0)
  const cycle = ['base', 'honest', 'ours']
  t.deepEqual(
    rounds.map(([name]) => name),
    [...cycle, ...cycle, ...cycle],
  )
  t.is(new Set(rounds.map(([, pid]) => pid)).size, 3, 'one process for each case')
  const report = JSON.parse(stdout) as QuestionReport
  t.deepEqual(
    report.rows[0].cases.map(({ name, rounds, published }) => [name, rounds, published]),
    [
      ['base', 2, 200],
      ['honest', 2, 200],
      ['ours', 2, 200],
      ['native', 0, 0],
    ],
  )
})

test('fresh rounds have a process each, and no warm-up', async (t) => {
  const { code, stdout, rounds } = await playLogged(t, { SAMPLE_FRESH: '1' })
  t.is(code, 0)
  t.is(rounds.length, 6)
  t.is(new Set(rounds.map(([, pid]) => pid)).size, 6)
  t.is((JSON.parse(stdout) as QuestionReport).rows[0].cases[1].rounds, 2)
})

test('a case that cannot run here is left out, and says why', async (t) => {
  const { stdout, stderr } = await play('honest')
  const report = JSON.parse(stdout) as QuestionReport
  t.is(report.rows[0].cases[3].unavailable, 'there is no addon on this machine')
  t.regex(stderr, /native is left out: there is no addon on this machine/)
})

const failures = {
  dropping: /"dropping" \(only\) failed: 100 messages sent, 99 arrived/,
  reordering: /"reordering" \(only\) failed: all 100 messages arrived, but not as sent: checksum 24 instead of 42/,
  dying: /"dying" \(only\) failed: its process ended with exit code 7/,
  throwing: /"throwing" \(only\) failed: Error: the wire is cut/,
}
for (const [rival, message] of Object.entries(failures)) {
  test(`a ${rival} rival makes the run fail, without a result`, async (t) => {
    const { code, stdout, stderr } = await play(rival)
    t.is(code, 1)
    t.is(stdout, '')
    t.regex(stderr, message)
  })
}

/** Plays the honest rival, and tells which case played each round in which process. */
async function playLogged(t: ExecutionContext, env: NodeJS.ProcessEnv = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tickbus-bench-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const log = join(folder, 'log')
  const played = await play('honest', { ...env, SAMPLE_LOG: log })
  const rounds = readFileSync(log, 'utf8').trim().split('\n')
  return { ...played, rounds: rounds.map((round) => round.split(' ')) }
}

/** In a process of its own, so that one also sees that nothing is left which keeps it alive. */
async function play(rival: string, env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [player], {
    env: { ...process.env, ...env, SAMPLE_RIVAL: rival },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  return { stdout, stderr, code }
}
