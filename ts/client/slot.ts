import type { Delivery, Listener } from './delivery.js'
import type { Consumer, WorkTopic } from './work.js'
import { ACKNOWLEDGED, failed, type Word } from './word.js'

/** Who runs the handlers of slots. */
export interface SlotHost {
  /** The promise of the handler was settled, and says so much. */
  freed(slot: Slot, word: Word): void
  /** The handler has said something while its promise is under way. */
  heard(slot: Slot, word: Word): void
  extended(slot: Slot): void
  /** A word came after the time was up. */
  late(): void
}

/** A message whose handler has returned a promise. Used again, so that a message costs no functions. */
export class Slot implements Listener {
  /** Its place among the slots of the runner. */
  readonly index: number
  isBusy = false
  /** The message is settled; its handler is under way still. */
  isSettled = false
  envelope = 0
  generation = 0
  lane = 0
  /** 0 if the message is not timed. */
  startedNs = 0
  /** When its time is up, in nanoseconds; 0 for never. */
  dueNs = 0
  delivery!: Delivery
  topic!: WorkTopic
  consumer!: Consumer
  readonly resolved: () => void
  readonly rejected: (error: unknown) => void
  readonly #host: SlotHost

  constructor(index: number, host: SlotHost) {
    this.index = index
    this.#host = host
    this.resolved = () => host.freed(this, ACKNOWLEDGED)
    this.rejected = (error) => host.freed(this, failed(error))
  }

  take(
    envelope: number,
    generation: number,
    lane: number,
    startedNs: number,
    delivery: Delivery,
    topic: WorkTopic,
    consumer: Consumer,
  ): void {
    this.isBusy = true
    this.isSettled = false
    this.envelope = envelope
    this.generation = generation
    this.lane = lane
    this.startedNs = startedNs
    this.dueNs = 0
    this.delivery = delivery
    this.topic = topic
    this.consumer = consumer
  }

  heard(word: Word): void {
    this.#host.heard(this, word)
  }

  extended(): void {
    this.#host.extended(this)
  }

  late(): void {
    this.#host.late()
  }
}
