import { fc } from '@fast-check/ava'
import type { Overflow, Policy } from '../../dist/lane-core.js'
import { PORT_SETTLEMENTS, PORT_SUBMISSIONS } from '../../dist/layout.js'
import type { Rules } from './schedule-model.js'
import { type Answer, type Message, type Outcome, outcomes, times, type Turn } from './schedule.js'

/** What a log is played on: a desk or the model. */
export interface Subject {
  submit(message: Message): number
  append(number: number): void
  settle(number: number, outcome: Outcome | number, generation?: number): void
  turn(turn: Turn): Answer
  clear(): Answer
  inspect(): Answer
  answer(): Answer
}

export type Step =
  | {
      readonly call: 'submit'
      readonly lane: number
      readonly key: number
      readonly topic: number
      readonly ageNs: number
      /** From now to the deadline; 0 for none. */
      readonly leftNs: number
    }
  /** Settles one of the messages in flight. */
  | { readonly call: 'settle'; readonly nth: number; readonly outcome: Outcome }
  | { readonly call: 'turn'; readonly wanted: number; readonly urgent: number; readonly passedNs: number }
  | { readonly call: 'clear' | 'inspect' }
  /** What no correct thread writes. */
  | { readonly call: 'submitNonsense'; readonly number: number }
  | { readonly call: 'settleNonsense'; readonly number: number; readonly outcome: number }

const OVERFLOWS: readonly Overflow[] = ['block', 'reject', 'dropOldest', 'dropNewest', 'conflate']
const POLICIES: readonly Policy[] = ['strict', 'weighted', 'deadline', 'fifo']
/** No envelope of a log is given back so often. */
const NEVER = 1_000_000

export const policies: fc.Arbitrary<Policy> = fc.constantFrom(...POLICIES)

const lane = fc.record({
  capacity: fc.integer({ min: 1, max: 8 }),
  overflow: fc.constantFrom(...OVERFLOWS),
  weight: fc.integer({ min: 1, max: 3 }),
  shedTargetNs: fc.constantFrom(0, 0, 5),
  shedIntervalNs: fc.constantFrom(10, 20),
})

export const rules: fc.Arbitrary<Rules> = fc
  .record({
    lanes: fc.array(lane, { minLength: 1, maxLength: 4 }),
    policy: policies,
    urgent: fc.nat(4),
    ageNs: fc.constantFrom(0, 8),
    ordered: fc.boolean(),
  })
  .map((rules) => ({ ...rules, urgent: Math.min(rules.urgent, rules.lanes.length) }))

export const envelopes = fc.constantFrom(5, 40, 400)

const submit: fc.Arbitrary<Step> = fc.record({
  call: fc.constant('submit' as const),
  lane: fc.oneof({ weight: 20, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.constant(255) }),
  key: fc.nat(4),
  topic: fc.nat(1),
  ageNs: fc.nat(20),
  leftNs: fc.constantFrom(0, 0, 1, 5, 20, 50),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: submit },
  {
    weight: 5,
    arbitrary: fc.record({
      call: fc.constant('settle' as const),
      nth: fc.nat(63),
      outcome: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom<Outcome>('delivered', 'failed', 'timedOut', 'undecodable') },
        { weight: 2, arbitrary: fc.constantFrom<Outcome>('returned', 'retried') },
      ),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      call: fc.constant('turn' as const),
      wanted: fc.oneof(fc.nat(4), fc.nat(70)),
      urgent: fc.oneof({ weight: 9, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(70) }),
      passedNs: fc.nat(6),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ call: 'inspect' as const }) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      { weight: 1, arbitrary: fc.constant({ call: 'clear' as const }) },
      {
        weight: 2,
        arbitrary: fc.record({
          call: fc.constant('submitNonsense' as const),
          number: fc.constantFrom(-1, 400, 0xff_ffff, 0x2000_0000, 0x7fff_ffff),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          call: fc.constant('settleNonsense' as const),
          number: fc.oneof(fc.nat(40), fc.constant(0xff_ffff)),
          outcome: fc.nat(15),
        }),
      },
    ),
  },
)

/** Full submission lists that are taken in at once, so that there is more than a release list takes. */
const burst: fc.Arbitrary<Step[]> = fc
  .tuple(submit, fc.integer({ min: 1, max: 4 }))
  .map(([submit, lists]) =>
    times(lists, () => [
      ...times(PORT_SUBMISSIONS, () => submit),
      { call: 'turn' as const, wanted: 0, urgent: 0, passedNs: 0 },
    ]).flat(),
  )

/** Logs of at most so many steps, a burst being one. */
export function logOf(maxLength: number): fc.Arbitrary<Step[]> {
  const steps = fc.oneof({ weight: 200, arbitrary: step.map((step) => [step]) }, { weight: 1, arbitrary: burst })
  return fc.array(steps, { minLength: 1, maxLength, size: 'max' }).map((steps) => steps.flat())
}

/** Plays logs, and knows what is in flight. A step for which a list has no room is left out. */
export class Player {
  readonly flying: number[] = []
  now = 1_000
  readonly #subject: Subject
  #submissions = 0
  #settlements = 0
  #free: number

  constructor(subject: Subject) {
    this.#subject = subject
    this.#free = subject.answer().free.length
  }

  /** What the subject answers, if the step makes it answer. */
  play(step: Step): Answer | undefined {
    switch (step.call) {
      case 'submit':
        this.submit({ ...step, queued: this.now - step.ageNs, deadline: step.leftNs && this.now + step.leftNs })
        return undefined
      case 'settle':
        this.settle(step.nth, step.outcome)
        return undefined
      case 'submitNonsense':
        if (this.#submissions < PORT_SUBMISSIONS) this.#appendNonsense(step.number)
        return undefined
      case 'settleNonsense':
        if (this.#settlements < PORT_SETTLEMENTS) this.#settleNonsense(step.number, step.outcome)
        return undefined
      case 'turn':
        this.now += step.passedNs
        return this.#taken(this.#subject.turn({ ...step, now: this.now }))
      case 'clear':
        return this.#taken(this.#subject.clear())
      case 'inspect':
        return this.#subject.inspect()
    }
  }

  /** The envelope; undefined if there is no room. */
  submit(message: Message): number | undefined {
    if (this.#free === 0 || this.#submissions === PORT_SUBMISSIONS) return undefined
    this.#free -= 1
    this.#submissions += 1
    return this.#subject.submit(message)
  }

  settle(nth: number, outcome: Outcome): number | undefined {
    if (this.flying.length === 0 || this.#settlements === PORT_SETTLEMENTS) return undefined
    const [number] = this.flying.splice(nth % this.flying.length, 1)
    this.#settlements += 1
    this.#subject.settle(number!, outcome)
    return number
  }

  #appendNonsense(number: number): void {
    this.#submissions += 1
    this.#subject.append(number)
  }

  #settleNonsense(number: number, outcome: number): void {
    this.#settlements += 1
    this.#subject.settle(number, outcome, NEVER)
  }

  #taken(answer: Answer): Answer {
    this.#submissions = 0
    this.#settlements = 0
    this.#free = answer.free.length
    this.flying.push(...answer.leased)
    return answer
  }
}

/** How many messages have ended, by the counts of a port. */
export function ended({ settled }: Answer): number {
  return settled.reduce((sum, count) => sum + count) - settled[outcomes.retried]!
}
