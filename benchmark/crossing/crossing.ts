/** One way from this thread to another, as the rounds see it: the same for the bus, its rivals and the base case. */
import type { Control } from './control.js'

export interface Crossing {
  /** Arranges rounds with the receiving end. */
  control: Control
  /** The clock of both ends. */
  nowNs: () => number
  /** Makes message number `sequence`, stamped with its intended time, and sends it. */
  send(sequence: number, atNs: number): void
  /** Sends what is held back for a batch. */
  flush(): void
  /** Resolves when the sender may go on. Asked after every `WINDOW` messages of a burst. */
  ready(): Promise<void>
  /** What the receiver's checksum has to be after messages 0 to `count` - 1. */
  checksum(count: number): number
  close(): Promise<void>
}

/** Messages that a burst sends before it asks whether it may go on. */
export const WINDOW = 1_000
