import test from 'ava'
import { fc, testProp } from '@fast-check/ava'
import { cores } from './cores.js'
import { ended, envelopes, logOf, Player, rules, type Step } from './schedule-log.js'
import { Model, type Rules } from './schedule-model.js'
import { type Answer, Desk, type Outcome } from './schedule.js'

/** How long logs are, and how many of them are tried; five times as many by `npm run test:long`. */
const times = process.env.TICKBUS_LONG === '1' ? 5 : 1
const lengths = [
  [60, 200 * times],
  [800, 8 * times],
] as const
const backends = new Map(cores.map((core) => [core.backend, core]))

for (const [length, numRuns] of lengths) {
  for (const core of cores) {
    testProp(
      `schedule: any log of ${length} steps gives the answers of a model of plain lists [${core.backend}]`,
      [rules, envelopes, logOf(length)],
      (t, rules, envelopes, steps) => {
        const [desk, model] = [new Desk(core, { ...rules, envelopes }), new Model(rules, envelopes)]
        const [player, expected] = [new Player(desk), new Player(model)]
        for (const step of steps) t.deepEqual(player.play(step), expected.play(step), JSON.stringify(step))
        for (const [number, generation] of model.generations.entries()) t.is(desk.generation(number), generation)
        for (const [number, attempt] of model.attempts) t.is(desk.attempt(number), attempt)
      },
      { numRuns },
    )

    testProp(
      `schedule: after every step of ${length} all messages are accounted for, and keys are in order [${core.backend}]`,
      [rules, envelopes, logOf(length)],
      (t, rules, envelopes, steps) => {
        const player = new Player(new Desk(core, { ...rules, envelopes }))
        const book = new Book(rules)
        for (const step of steps) t.is(book.play(player, step), undefined, JSON.stringify(step))
      },
      { numRuns },
    )
  }

  const [native, js] = [backends.get('native'), backends.get('js')]
  if (native === undefined || js === undefined) {
    test.skip(`schedule: both backends give one trace over ${length} steps: only one is here`, () => {})
  } else {
    testProp(
      `schedule: both backends give one trace over ${length} steps, word for word`,
      [rules, envelopes, logOf(length)],
      (t, rules, envelopes, steps) => {
        const desks = [new Desk(native, { ...rules, envelopes }), new Desk(js, { ...rules, envelopes })] as const
        const players = desks.map((desk) => new Player(desk))
        for (const step of steps) {
          for (const player of players) player.play(step)
          if (desks[0].trace().equals(desks[1].trace())) continue
          t.deepEqual(desks[0].answer(), desks[1].answer(), JSON.stringify(step))
          t.fail(`what the schedule writes to envelopes differs after ${JSON.stringify(step)}`)
        }
        t.pass()
      },
      { numRuns },
    )
  }
}

test('schedule: the random logs reach every outcome, promotion, a full release list and busy keys', (t) => {
  const seen = new Set<string>()
  const samples = fc.sample(fc.tuple(rules, envelopes, logOf(800)), { numRuns: 60, seed: 1 })
  for (const [rules, envelopes, steps] of samples) {
    const player = new Player(new Model(rules, envelopes))
    for (const step of steps) {
      const answer = player.play(step)
      if (answer === undefined) continue
      answer.settled.forEach((count, outcome) => count > 0 && seen.add(`outcome ${outcome}`))
      if (answer.conflated > 0) seen.add('conflated')
      if (answer.isMore) seen.add('more')
      if (answer.runnable < answer.waiting.reduce((sum, count) => sum + count)) seen.add('mailboxes')
      const urgent = answer.waiting.slice(rules.urgent).reduce((sum, count) => sum + count, 0)
      if (answer.runnableUrgent > 0 && answer.runnable > urgent) seen.add('urgent and not')
    }
  }
  for (const outcome of [1, 2, 4, 6, 7, 8, 9, 10, 11, 13]) t.true(seen.has(`outcome ${outcome}`), `outcome ${outcome}`)
  for (const sight of ['conflated', 'more', 'mailboxes', 'urgent and not']) t.true(seen.has(sight), sight)
})

interface Held {
  readonly number: number
  readonly key: number
}

/** Keeps account of all messages by what a thread can see, and says what is wrong. */
class Book {
  readonly #isInOrder: boolean
  /** Messages that have not ended, in the order of submission. */
  #held: Held[] = []
  #submitted = 0

  constructor({ ordered, lanes }: Rules) {
    // A message that takes the place of another is not in the order of submission.
    this.#isInOrder = ordered && lanes.every(({ overflow }) => overflow !== 'conflate')
  }

  play(player: Player, step: Step): string | undefined {
    if (step.call === 'submit') return this.#submit(player, step)
    if (step.call === 'settle') return this.#settle(player, step.nth, step.outcome)
    const flying = new Set(player.flying)
    const answer = player.play(step)
    if (answer === undefined || step.call === 'inspect') return undefined
    return this.#check(answer, flying)
  }

  #submit(player: Player, step: Step & { call: 'submit' }): undefined {
    const { lane, key, topic, ageNs, leftNs } = step
    const deadline = leftNs === 0 ? 0 : player.now + leftNs
    const number = player.submit({ lane, key, topic, queued: player.now - ageNs, deadline })
    if (number === undefined) return
    this.#submitted += 1
    this.#held.push({ number, key })
  }

  #settle(player: Player, nth: number, outcome: Outcome): undefined {
    const number = player.settle(nth, outcome)
    if (outcome !== 'returned' && outcome !== 'retried') this.#end(number)
  }

  #check(answer: Answer, before: ReadonlySet<number>): string | undefined {
    const flying = new Set(before)
    const busy = new Set(this.#held.flatMap(({ number, key }) => (flying.has(number) && key !== 0 ? [key] : [])))
    for (const [number] of answer.released) {
      if (flying.has(number)) return `${number} was released in flight`
      this.#end(number)
    }
    for (const number of answer.leased) {
      if (flying.has(number)) return `${number} was leased twice`
      const held = this.#held.find((held) => held.number === number)
      if (held === undefined) return `${number} was leased, and nobody had submitted it`
      flying.add(number)
      if (!this.#isInOrder || held.key === 0) continue
      if (busy.has(held.key)) return `two of key ${held.key} are in flight`
      if (this.#held.find(({ key }) => key === held.key) !== held) return `${number} overtook one of its key`
      busy.add(held.key)
    }
    const waiting = answer.waiting.reduce((sum, count) => sum + count)
    if (waiting + flying.size + ended(answer) !== this.#submitted) return 'messages are missing'
    if (waiting + flying.size !== this.#held.length) return 'envelopes are missing'
    return undefined
  }

  #end(number: number | undefined): void {
    this.#held = this.#held.filter((held) => held.number !== number)
  }
}
