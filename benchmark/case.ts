/** The runner's side of a case: its process, and what it has shown so far. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Answer, Ask } from './case-process.js'
import { type Span, startSpan } from './foreign-cpu.js'
import type { Round } from './question.js'

/** A case that takes longer hangs. */
const LONGEST_ROUND_MS = 300_000

export type Kind = 'base' | 'rival' | 'ours'

export interface CaseId {
  module: URL
  row: string
  name: string
  kind: Kind
}

/** One round, and what others did meanwhile. */
export interface Take {
  round: Round
  span: Span | undefined
}

export class Case {
  /** The rounds that count. */
  readonly takes: Take[] = []
  /** Why the case does not run here, if it does not. */
  unavailable: string | undefined
  readonly #id: CaseId
  readonly #isQuick: boolean
  #process: ChildProcess

  /** Starts the process. `opened()` says when it is ready. */
  constructor(id: CaseId, isQuick: boolean) {
    this.#id = id
    this.#isQuick = isQuick
    this.#process = this.#start()
  }

  get name(): string {
    return this.#id.name
  }

  get kind(): Kind {
    return this.#id.kind
  }

  async opened(): Promise<void> {
    const answer = await this.#answer()
    if (answer.kind !== 'unavailable') return
    this.unavailable = answer.reason
    this.#process.disconnect()
  }

  /** Plays one round. */
  async play(check: (round: Round) => boolean): Promise<Take> {
    const endSpan = startSpan()
    const harness = process.cpuUsage()
    const answer = await this.#ask('round')
    if (answer.kind !== 'round') throw this.#failed(`answered "${answer.kind}" to a round`)
    const { user, system } = process.cpuUsage(harness)
    const span = endSpan(answer.cpuMs + (user + system) / 1_000)
    if (!check(answer.round)) throw this.#failed(describeLoss(answer.round))
    return { round: answer.round, span }
  }

  /** Goes on in a new process, which knows nothing of the rounds before. */
  async renew(): Promise<void> {
    await this.close()
    this.#process = this.#start()
    await this.opened()
  }

  async close(): Promise<void> {
    if (!this.#process.connected) return
    const gone = new Promise((resolve) => this.#process.once('exit', resolve))
    this.#process.send('close' satisfies Ask)
    const late = setTimeout(() => this.#process.kill('SIGKILL'), 5_000)
    await gone
    clearTimeout(late)
  }

  kill(): void {
    this.#process.kill('SIGKILL')
  }

  #start(): ChildProcess {
    const { module, row, name } = this.#id
    const entry = fileURLToPath(new URL('./case-process.js', import.meta.url))
    const args = [module.href, row, name, this.#isQuick ? 'quick' : 'full']
    // What a case prints goes to stderr: stdout belongs to the report.
    return fork(entry, args, { execArgv: [], stdio: ['ignore', 2, 2, 'ipc'] })
  }

  #ask(ask: Ask): Promise<Answer> {
    if (!this.#process.connected) return Promise.reject(this.#failed('its process is gone'))
    const answer = this.#answer()
    this.#process.send(ask)
    return answer
  }

  #answer(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void) => {
        clearTimeout(late)
        this.#process.off('message', onMessage)
        this.#process.off('exit', onExit)
        outcome()
      }
      const onMessage = (answer: Answer) =>
        settle(() => (answer.kind === 'failed' ? reject(this.#failed(answer.reason)) : resolve(answer)))
      const onExit = (code: number | null, signal: string | null) =>
        settle(() => reject(this.#failed(`its process ended with ${signal ?? `exit code ${code}`}`)))
      const onLate = () => settle(() => reject(this.#failed(`no answer within ${LONGEST_ROUND_MS / 1_000} s`)))
      const late = setTimeout(onLate, LONGEST_ROUND_MS)
      this.#process.on('message', onMessage)
      this.#process.on('exit', onExit)
    })
  }

  #failed(reason: string): Error {
    return new Error(`"${this.#id.name}" (${this.#id.row}) failed: ${reason}`)
  }
}

function describeLoss({ published, delivered, sentChecksum, receivedChecksum }: Round): string {
  return delivered === published
    ? `all ${published} messages arrived, but not as sent: checksum ${receivedChecksum} instead of ${sentChecksum}`
    : `${published} messages sent, ${delivered} arrived`
}
