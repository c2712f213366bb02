/** A channel between the main thread and a worker: what is posted can be fetched at once, and is announced a little later. */
import type { Channel } from '#dist/client/threads/channel.js'
import type { Random } from './random.js'
import type { Thread } from './thread.js'
import type { World } from './world.js'

/** Messages arrive after so long at most, in nanoseconds. */
const ARRIVES_NS = 100_000

interface Ends<A, B> {
  /** The main thread's. */
  readonly owner: Channel<A, B>
  readonly worker: Channel<B, A>
}

/** `onClosed` is called once the worker has closed its end. */
export function channelOf<A, B>(world: World, random: Random, thread: Thread, onClosed: () => void): Ends<A, B> {
  const delayNs = (): number => random.whole(0, ARRIVES_NS)
  const toOwner = new Line<A>((run) => void world.answer(run, delayNs()))
  const toWorker = new Line<B>((run) => thread.arrive(run, delayNs()))
  return {
    owner: {
      post: (message) => toWorker.post(message),
      listen: (hear) => toOwner.listen(hear),
      pull: (hear) => toOwner.pull(hear),
      close: () => toOwner.close(),
    },
    worker: {
      post: (message) => {
        if (thread.hasTurn) thread.assertAlive()
        if (!thread.isGone) toOwner.post(message)
      },
      listen: (hear) => toWorker.listen(hear),
      pull: (hear) => toWorker.pull(hear),
      close: () => {
        toWorker.close()
        onClosed()
      },
    },
  }
}

/** One direction of it. */
class Line<Message> {
  readonly #announce: (run: () => void) => void
  #messages: Message[] = []
  #hear: ((message: Message) => void) | undefined
  #isClosed = false

  constructor(announce: (run: () => void) => void) {
    this.#announce = announce
  }

  post(message: Message): void {
    if (this.#isClosed) return
    this.#messages.push(structuredClone(message))
    if (this.#hear !== undefined) this.#announce(this.#deliver)
  }

  listen(hear: (message: Message) => void): void {
    this.#hear = hear
    for (const _ of this.#messages) this.#announce(this.#deliver)
  }

  pull(hear: (message: Message) => void): void {
    for (let next = this.#messages.shift(); next !== undefined; next = this.#messages.shift()) hear(next)
  }

  close(): void {
    this.#isClosed = true
    this.#messages = []
  }

  readonly #deliver = (): void => {
    const next = this.#messages.shift()
    if (next !== undefined) this.#hear!(next)
  }
}
