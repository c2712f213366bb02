/** How one sends by hand to threads that share the work: by whoever publishes, in whatever thread. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type MessageKind, kept, makerOf } from '../crossing/messages.js'
import { ROSTER_NAME } from './shares.js'

export interface Sender {
  send(sequence: number): void
  /** Sends what is held back, and resolves when the sender may go on. */
  ready(): Promise<void>
  close(): Promise<void>
}

/** Threads, or ports to them. */
export type Targets = readonly { postMessage(message: unknown): void }[]

/** By hand, there are three ways. */
export type Route = 'port' | 'batches' | 'broadcast'

export function senderBy(route: Route, kind: MessageKind, targets: Targets): Sender {
  if (route === 'port') return oneByOne(kind, targets)
  return route === 'batches' ? inBatches(kind, targets) : toAll(kind)
}

function oneByOne(kind: MessageKind, targets: Targets): Sender {
  const make = makerOf(kind)
  let next = 0
  return {
    send(sequence) {
      next = (next + 1) % targets.length
      targets[next].postMessage((kept.newest = make(sequence, 0)))
    },
    ready: () => sleep(0),
    close: async () => {},
  }
}

/** What one does by hand when postMessage is too slow. */
function inBatches(kind: MessageKind, targets: Targets): Sender {
  const make = makerOf(kind)
  let batch: object[] = []
  let next = 0
  const flush = (): void => {
    if (batch.length === 0) return
    next = (next + 1) % targets.length
    targets[next].postMessage(batch)
    batch = []
  }
  return {
    send(sequence) {
      if (batch.push((kept.newest = make(sequence, 0))) === 100) flush()
    },
    ready() {
      flush()
      return sleep(0)
    },
    close: async () => {},
  }
}

/** Everybody gets everything, and keeps a share. */
function toAll(kind: MessageKind): Sender {
  const make = makerOf(kind)
  const channel = new BroadcastChannel(`${ROSTER_NAME}-messages`)
  return {
    send: (sequence) => channel.postMessage((kept.newest = make(sequence, 0))),
    ready: () => sleep(0),
    close: async () => channel.close(),
  }
}
