/**
 * Plays a question: all cases of a row alive at once, one at work at a time, round by round in turn. In every cycle
 * line.ts is played too, to know what kind of machine the others were played on.
 */
import { Case, type Kind } from './case.js'
import { disturbanceOf, isQuiet, waitForQuiet } from './foreign-cpu.js'
import type { Question } from './question.js'
import { type QuestionReport, type RowReport, reportQuestion, reportRow } from './report.js'

export interface RunOptions {
  /** Few small rounds: shows that everything works, not how fast. */
  quick: boolean
  /** Plays only so many rows, the first ones. @default all */
  rows?: number | undefined
  /** Hears what is being done, one line at a time. */
  progress?: (line: string) => void
}

/** Rounds that count, rounds before them that do not, and rounds that may be played again because others disturbed them. */
export const effort = {
  quick: { rounds: 2, warmUps: 1, again: 0 },
  full: { rounds: 9, warmUps: 3, again: 9 },
} satisfies Record<string, Effort>

export interface Effort {
  rounds: number
  warmUps: number
  again: number
}

/** How long to wait for a quiet machine before playing again. If it does not become quiet, a row is played as it is. */
const PATIENCE_MS = 30_000

/**
 * Runs the question whose module has it as default export.
 *
 * @throws {Error} if a case fails or loses messages. A run in which somebody cheats has no result.
 */
export async function runQuestion(module: URL, options: RunOptions): Promise<QuestionReport> {
  const { quick, rows: most = Infinity, progress = () => {} } = options
  const { default: question }: { default: Question } = await import(module.href)
  const rows: RowReport[] = []
  for (const row of Object.keys(question.rows).slice(0, most)) {
    progress(`${question.name}, ${row}`)
    rows.push(await runRow(module, question, row, quick, progress))
  }
  return reportQuestion(question, rows)
}

async function runRow(
  module: URL,
  question: Question,
  row: string,
  quick: boolean,
  progress: (line: string) => void,
): Promise<RowReport> {
  const cases = casesOf(question).map(({ name, kind }) => new Case({ module, row, name, kind }, quick))
  const line = new Case(
    { module: new URL('./line.js', import.meta.url), row: 'line', name: 'base', kind: 'base' },
    quick,
  )
  const processes = [line, ...cases]
  try {
    // Settled, not raced: a case that fails while others are opening must not leave their processes behind.
    const opened = await Promise.allSettled(processes.map((each) => each.opened()))
    for (const outcome of opened) if (outcome.status === 'rejected') throw outcome.reason
    for (const { name, unavailable } of cases)
      if (unavailable !== undefined) progress(`  ${name} is left out: ${unavailable}`)
    const present = processes.filter((each) => each.unavailable === undefined)
    const again = await playAll(question, present, effortOf(question, quick), progress)
    await Promise.all(processes.map((each) => each.close()))
    return reportRow(question, row, cases, { quick, again, line })
  } finally {
    for (const each of processes) each.kill()
  }
}

/** What others do changes times, not memory: fresh rounds are played once. */
function effortOf({ freshRounds }: Question, quick: boolean): Effort {
  const usual = quick ? effort.quick : effort.full
  if (freshRounds === undefined) return usual
  return { rounds: quick ? usual.rounds : freshRounds, warmUps: 0, again: 0 }
}

/** Plays the rounds of all cases in turn; returns how many cycles were played again. */
async function playAll(
  question: Question,
  cases: Case[],
  { rounds, warmUps, again: mostAgain }: Effort,
  progress: (line: string) => void,
): Promise<number> {
  const cycle = () => playCycle(cases, (each) => each.play((round) => question.check(round)))
  const renew = () => playCycle(cases, (each) => each.renew())
  for (let warmUp = 0; warmUp < warmUps; warmUp++) await cycle()
  let [kept, again, most] = [0, 0, mostAgain]
  while (kept < rounds) {
    const takes = await cycle()
    const disturbance = disturbanceOf(takes.map(({ span }) => span))
    if (again < most && !isQuiet(disturbance)) {
      again += 1
      progress(`  a cycle is played again, others took ${disturbance!.foreignCores.toFixed(2)} cores`)
      if (!(await waitForQuiet(PATIENCE_MS))) most = again
      continue
    }
    kept += 1
    progress(`  cycle ${kept} of ${rounds}`)
    takes.forEach((take, index) => cases[index].takes.push(take))
    if (question.freshRounds !== undefined && kept < rounds) await renew()
  }
  return again
}

/** One round of each, one after the other. Whatever drifts while a row lasts, drifts for all: A B C A B C … */
export async function playCycle<Player, T>(
  players: readonly Player[],
  play: (player: Player) => Promise<T>,
): Promise<T[]> {
  const results: T[] = []
  for (const player of players) results.push(await play(player))
  return results
}

function casesOf(question: Question): { name: string; kind: Kind }[] {
  const of = (names: object, kind: Kind) => Object.keys(names).map((name) => ({ name, kind }))
  const base = question.base === undefined ? [] : [{ name: 'base', kind: 'base' as const }]
  return [...base, ...of(question.rivals, 'rival'), ...of(question.ours, 'ours')]
}
