/**
 * One case in a process of its own: no rival warms up or spoils another's compiled code or heap. The process stays for
 * all rounds of its row and does nothing until it is asked for one.
 *
 * Arguments: module of the question, row, case, `quick` or `full`. Talks to case.ts by messages.
 */
import { TickbusError } from 'tickbus'
import { type Open, type Question, type Round, type Stage, Unavailable } from './question.js'

export type Ask = 'round' | 'close'
export type Answer =
  | { kind: 'opened' }
  | { kind: 'unavailable'; reason: string }
  | { kind: 'failed'; reason: string }
  /** `cpuMs` is what this process used for the round, in all of its threads. */
  | { kind: 'round'; round: Round; cpuMs: number }

const [module, row, name, size] = process.argv.slice(2)
process.once('disconnect', () => process.exit())
await main().catch((error: unknown) => answer(failure(error)))

async function main(): Promise<void> {
  const { default: question }: { default: Question } = await import(module)
  const stage = await caseOf(question, name)(question.rows[row], size === 'quick')
  process.on('message', (ask: Ask) => {
    const done = ask === 'round' ? play(stage) : stage.close().then(() => process.disconnect())
    done.catch((error: unknown) => answer(failure(error)))
  })
  answer({ kind: 'opened' })
}

async function play(stage: Stage): Promise<void> {
  const before = process.cpuUsage()
  const round = await stage.round()
  const { user, system } = process.cpuUsage(before)
  answer({ kind: 'round', round, cpuMs: (user + system) / 1_000 })
}

function caseOf(question: Question, name: string): Open<unknown> {
  const open = name === 'base' ? question.base : (question.rivals[name] ?? question.ours[name])
  if (open === undefined) throw new Error(`${question.name} has no case "${name}"`)
  return open
}

function failure(error: unknown): Answer {
  const isMissing = error instanceof Unavailable || (error instanceof TickbusError && error.code === 'TICKBUS_BACKEND')
  const reason = error instanceof Error ? (isMissing ? error.message : (error.stack ?? error.message)) : String(error)
  return { kind: isMissing ? 'unavailable' : 'failed', reason }
}

function answer(message: Answer): void {
  process.send?.(message)
}
