/**
 * What each consumer has acknowledged: a position up to which it has everything, and those beyond it one by one. Only
 * messages count; other records, and sequences that were left out, are passed over.
 */
import type { SequenceRange } from '../../journal-core.js'
import { type Checkpoint, UNDER_WAY } from './consumer-records.js'

/** Position of a consumer that was removed. */
export const REMOVED = Number.MAX_SAFE_INTEGER

const TRIM_LEAST = 4_096

interface Consumer {
  position: number
  /** Acknowledged beyond the position. */
  readonly acknowledged: Set<number>
  readonly attempts: Map<number, number>
  /** Acknowledged since the last record said so, in order of the calls. */
  unsaid: number[]
  /** The same of all from here to the position; 0 for none. */
  unsaidFrom: number
}

export class Consumers {
  readonly #consumers = new Map<string, Consumer>()
  /** Sequences of messages in order; those before `#head` are done with by all. What is forgotten ends with `#forgotten`. */
  #messages: number[] = []
  #head = 0
  /** The last one that is not known any more: all had them, and the files may be there still. */
  #forgotten = 0

  get names(): string[] {
    return [...this.#consumers.keys()]
  }

  has(name: string): boolean {
    return this.#consumers.has(name)
  }

  /** A message was appended. */
  add(sequence: number): void {
    this.#messages.push(sequence)
  }

  /** Messages that are kept in mind. */
  get remembered(): number {
    return this.#messages.length - this.#head
  }

  /** Whether many messages are kept in mind that no consumer can ask for. */
  get isNeedless(): boolean {
    return this.#consumers.size === 0 && this.remembered > TRIM_LEAST
  }

  /** The last message that is not kept in mind any more; 0 if all are. */
  get forgotten(): number {
    return this.#forgotten
  }

  /** Forgets all messages up to a sequence: the log has them. */
  forget(through: number): void {
    while (this.#head < this.#messages.length && this.#messages[this.#head] <= through) {
      this.#forgotten = this.#messages[this.#head]
      this.#head += 1
    }
    if (this.#head > TRIM_LEAST && 2 * this.#head > this.#messages.length) {
      this.#messages = this.#messages.slice(this.#head)
      this.#head = 0
    }
  }

  /** Takes all that was forgotten from the log again. */
  remember(sequences: readonly number[]): void {
    this.#messages = [...sequences, ...this.#messages.slice(this.#head)]
    this.#head = 0
    this.#forgotten = 0
  }

  /** Takes a consumer's state from a record, or begins one. */
  restore({ consumer, position, ranges, attempts }: Checkpoint): void {
    if (position === REMOVED) {
      this.#consumers.delete(consumer)
      return
    }
    this.#consumers.set(consumer, { ...newConsumer(), position, attempts: new Map(attempts) })
    this.replay(consumer, ranges)
  }

  /** Takes acknowledgements from a record. */
  replay(name: string, ranges: readonly SequenceRange[]): void {
    const consumer = this.#known(name)
    for (const { first, last } of ranges) {
      for (let place = this.#placeOf(first); this.#messages[place] <= last; place++) {
        this.#take(consumer, this.#messages[place])
      }
    }
    this.#advance(consumer)
  }

  /** Notes how often a message was delivered, with {@link UNDER_WAY} if the last time has just begun. */
  attempted(name: string, sequence: number, attempts: number): void {
    this.#known(name).attempts.set(sequence, attempts)
  }

  attemptsOf(name: string, sequence: number): number {
    return this.#noted(name, sequence) % UNDER_WAY
  }

  /** Whether a delivery of a message has begun of which nothing else is known. */
  isUnderWay(name: string, sequence: number): boolean {
    return this.#noted(name, sequence) >= UNDER_WAY
  }

  /** False if it is acknowledged already, or no message that is kept. */
  acknowledge(name: string, sequence: number): boolean {
    const consumer = this.#known(name)
    const place = this.#placeOf(sequence)
    if (this.#messages[place] !== sequence || !this.#take(consumer, sequence)) return false
    consumer.unsaid.push(sequence)
    this.#advance(consumer)
    this.#trim()
    return true
  }

  /** A consumer is done with all messages up to a sequence; false if it had been before. */
  acknowledgeThrough(name: string, sequence: number): boolean {
    const consumer = this.#known(name)
    if (sequence <= consumer.position) return false
    if (consumer.unsaidFrom === 0) consumer.unsaidFrom = consumer.position + 1
    consumer.position = sequence
    for (const one of consumer.acknowledged) {
      // They were acknowledged in order, as far as there are many: what has fewer to look at moves on as fast.
      if (one > sequence) break
      consumer.acknowledged.delete(one)
    }
    for (const one of consumer.attempts.keys()) if (one <= sequence) consumer.attempts.delete(one)
    this.#advance(consumer)
    this.#trim()
    return true
  }

  /** What was acknowledged since the last call, as ranges. */
  unsaid(name: string): SequenceRange[] {
    const consumer = this.#known(name)
    const { unsaid, unsaidFrom, position } = consumer
    consumer.unsaid = []
    consumer.unsaidFrom = 0
    const ranges = rangesOf(unsaid)
    return unsaidFrom === 0 ? ranges : [...ranges, { first: unsaidFrom, last: position }]
  }

  /** All that a consumer has done. */
  checkpoint(name: string): Checkpoint {
    const { position, acknowledged, attempts } = this.#known(name)
    return { consumer: name, position, ranges: rangesOf([...acknowledged]), attempts: new Map(attempts) }
  }

  /** Messages that a consumer has not acknowledged, in order. */
  pending(name: string): number[] {
    const { position, acknowledged } = this.#known(name)
    return this.#messages.slice(this.#placeOf(position + 1)).filter((sequence) => !acknowledged.has(sequence))
  }

  /** Where those lie that a consumer has not acknowledged; undefined if there are none. */
  pendingSpan(name: string): SequenceRange | undefined {
    const pending = this.pending(name)
    const { position } = this.#known(name)
    const first = position < this.#forgotten ? position + 1 : pending[0]
    return first === undefined ? undefined : { first, last: pending.at(-1) ?? this.#forgotten }
  }

  /** Whether a consumer is known that has not acknowledged a message, which is one. */
  isPending(name: string, sequence: number): boolean {
    const consumer = this.#consumers.get(name)
    return consumer !== undefined && sequence > consumer.position && !consumer.acknowledged.has(sequence)
  }

  position(name: string): number {
    return this.#known(name).position
  }

  /** Up to here all consumers have everything; 0 where there is no consumer. */
  lowest(): number {
    const positions = [...this.#consumers.values()].map(({ position }) => position)
    return positions.length === 0 ? 0 : Math.min(...positions)
  }

  /** The first message that a consumer has not acknowledged; undefined if there is none. Without consumers all are wanted. */
  firstWanted(): number | undefined {
    if (this.#consumers.size === 0) return 0
    const next = this.lowest() + 1
    return next <= this.#forgotten ? next : this.#messages[this.#placeOf(next)]
  }

  #noted(name: string, sequence: number): number {
    return this.#consumers.get(name)?.attempts.get(sequence) ?? 0
  }

  #known(name: string): Consumer {
    let consumer = this.#consumers.get(name)
    if (consumer === undefined) {
      consumer = newConsumer()
      this.#consumers.set(name, consumer)
    }
    return consumer
  }

  #take(consumer: Consumer, sequence: number): boolean {
    if (sequence <= consumer.position || consumer.acknowledged.has(sequence)) return false
    consumer.acknowledged.add(sequence)
    consumer.attempts.delete(sequence)
    return true
  }

  /** Moves the position over what is acknowledged behind it. */
  #advance(consumer: Consumer): void {
    let place = this.#placeOf(consumer.position + 1)
    for (; consumer.acknowledged.delete(this.#messages[place]); place++) consumer.position = this.#messages[place]
  }

  /**
   * Forgets what nobody waits for. Not while records are read back: the first of them that is kept may tell of one consumer
   * before the others are known.
   */
  #trim(): void {
    this.forget(this.lowest())
  }

  /** Place of the first message that has this sequence or a later one. */
  #placeOf(sequence: number): number {
    let [low, high] = [this.#head, this.#messages.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#messages[middle] < sequence) low = middle + 1
      else high = middle
    }
    return low
  }
}

function newConsumer(): Consumer {
  return { position: 0, acknowledged: new Set(), attempts: new Map(), unsaid: [], unsaidFrom: 0 }
}

function rangesOf(sequences: number[]): SequenceRange[] {
  const ranges: { first: number; last: number }[] = []
  for (const sequence of sequences.sort((a, b) => a - b)) {
    const range = ranges.at(-1)
    if (range !== undefined && sequence === range.last + 1) range.last = sequence
    else ranges.push({ first: sequence, last: sequence })
  }
  return ranges
}
