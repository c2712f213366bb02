import { CONTROL_TEXT_BYTES_MOST, CONTROLS_MOST } from '../../layout.js'
import type { ControlEvent, ControlKind, Tallied } from '../../market-core.js'
import { ascii, isTextAt } from './scanner.js'

const KINDS = ['heartbeat', 'status', 'reply', 'error'] as const

/** What venues call their frames beside the data: one table, since no name means two things. */
const NAMES: Readonly<Record<ControlKind, readonly string[]>> = {
  heartbeat: ['heartbeat', 'heartbeats', 'ping', 'pong'],
  status: ['status', 'systemStatus', 'system', 'serverShutdown', 'notice', 'channel-conn-count'],
  reply: ['reply', 'subscribe', 'unsubscribe', 'subscriptions', 'subscriptionStatus', 'login'],
  error: ['error', 'channel-conn-count-error'],
}

const TABLE = KINDS.flatMap((kind) => NAMES[kind].map((name) => [ascii(name), kind] as const))

/** The kind of the frame whose name lies between `start` and `end`; undefined if it is data. */
export function controlKindOf(bytes: Uint8Array, start: number, end: number): ControlKind | undefined {
  for (const [name, kind] of TABLE) if (isTextAt(bytes, start, end, name)) return kind
  return undefined
}

/** What was said beside the data so far; crates/market/src/control.rs is the same. */
export class Controls {
  readonly #counts: Record<ControlKind, number> = { heartbeat: 0, status: 0, reply: 0, error: 0 }
  #events: ControlEvent[] = []
  /** How many were noted so far. */
  noted = 0
  /** How many were counted but not noted, because nobody had taken those before them. */
  lost = 0

  /** Counts a frame, and notes it unless it is a heartbeat. Where nobody takes them, the first are kept. */
  add(kind: ControlKind, bytes: Uint8Array, frame: number, offset: number): void {
    this.#counts[kind] += 1
    if (kind === 'heartbeat') return
    if (this.#events.length === CONTROLS_MOST) {
      this.lost += 1
      return
    }
    this.noted += 1
    this.#events.push({ kind, text: beginning(bytes), frame, offset })
  }

  /** How many there were of each kind that occurred. */
  get counts(): Tallied[] {
    return KINDS.map((name) => ({ name, count: this.#counts[name] })).filter(({ count }) => count > 0)
  }

  /** Hands over what was noted since the last time. */
  take(): ControlEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }
}

/** As much of a frame as is kept. The decoder has checked that it is UTF-8. */
function beginning(bytes: Uint8Array): string {
  let end = Math.min(bytes.length, CONTROL_TEXT_BYTES_MOST)
  while (end > 0 && end < bytes.length && (bytes[end] & 0xc0) === 0x80) end -= 1
  return Buffer.from(bytes.buffer, bytes.byteOffset, end).toString()
}
