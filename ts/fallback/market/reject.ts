import type { RejectSample, Tallied } from '../../market-core.js'
import { REJECT_SAMPLES_MOST } from '../../layout.js'

/** Why frames are rejected; ts/market/rejection.ts has the sentences. */
export const REASONS = [
  'time',
  'reach',
  'length',
  'encoding',
  'nesting',
  'json',
  'object',
  'kind',
  'instrument',
  'eventTime',
  'room',
  'field',
  'twice',
  'negative',
  'zero',
  'range',
] as const

export type Reason = (typeof REASONS)[number]

/**
 * What is thrown where a frame is not decoded: it is no JSON or more than the scanner takes, it says nothing that can be
 * used, or the output has no room. No `Error`, because nobody reads its stack and collecting one costs microseconds.
 */
export class Misfit {
  readonly reason: Reason | 'syntax' | 'full'
  readonly field: string | undefined

  constructor(reason: Reason | 'syntax' | 'full', field?: string) {
    this.reason = reason
    this.field = field
  }
}

export const SYNTAX = new Misfit('syntax')
export const FULL = new Misfit('full')

/** What was rejected so far: counted by reason, and the first few described. */
export class Rejects {
  readonly #counts = new Map<Reason, number>()
  readonly samples: RejectSample[] = []

  add(frame: number, offset: number, reason: Reason, field: string | undefined): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1)
    if (this.samples.length === REJECT_SAMPLES_MOST) return
    this.samples.push(field === undefined ? { frame, offset, reason } : { frame, offset, reason, field })
  }

  /** How many there were of each reason that occurred. */
  get counts(): Tallied[] {
    return REASONS.flatMap((name) => {
      const count = this.#counts.get(name)
      return count === undefined ? [] : [{ name, count }]
    })
  }
}
