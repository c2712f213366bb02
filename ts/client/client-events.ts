import { HandlerWarnings, Listeners } from '../bus/index.js'
import type { DeadLetter } from '../delivery/index.js'
import type { ScalingDecision } from './scaling/index.js'
import type { WaterMark } from './water-marks.js'
import type { GroupHandlerError, RestartLimit, StuckHandler, WorkerLoss } from './work.js'

/** What a client emits. */
export interface ClientEvents {
  /** A handler threw, or its promise rejected. With no listener one process warning for each handler says so. */
  handlerError: GroupHandlerError
  /** A group could not deliver a message of a topic that may not lose any: it is in `client.deadLetters`. */
  deadLetter: DeadLetter
  /** A worker thread of a group ended unasked. With no listener a process warning says so. */
  workerLost: WorkerLoss
  /** Worker threads of a group died too often to be replaced any more. With no listener a process warning says so. */
  restartLimit: RestartLimit
  /** A group has changed its size: what it was, what was known, and why. */
  scaled: ScalingDecision
  /** A handler has been under way for more than 10 s; once for each that is the oldest of its group. */
  stuck: StuckHandler
  /** A lane has filled up to its high-water mark. */
  highWater: WaterMark
  /** A lane that had filled up is down at its low-water mark. */
  lowWater: WaterMark
  close: undefined
}

/** A client's listeners, and what is said where there are none. */
export class ClientEmitter extends Listeners<ClientEvents> {
  readonly #warnings = new HandlerWarnings('client')

  failed(fault: GroupHandlerError): void {
    if (!this.emit('handlerError', fault)) this.#warnings.warn(fault)
  }

  lost(loss: WorkerLoss): void {
    if (this.emit('workerLost', loss)) return
    const { group, thread, code, error } = loss
    const reason = error instanceof Error ? (error.stack ?? error.message) : `exit code ${code}`
    process.emitWarning(`Worker thread ${thread} of group "${group}" ended: ${reason}`, {
      type: 'TickbusWarning',
      code: 'TICKBUS_WORKER_LOST',
    })
  }

  gaveUp(limit: RestartLimit): void {
    if (this.emit('restartLimit', limit)) return
    const { message, code } = limit.error
    process.emitWarning(message, { type: 'TickbusWarning', code })
  }
}
