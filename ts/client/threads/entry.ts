// Runs first in every worker thread of a consumer group.
import { threadId, workerData } from 'node:worker_threads'
import { insideOf } from '../../bus/index.js'
import { adoptTicket, MessageBus, type Ticket } from '../../workers/index.js'
import { processClock } from '../clock.js'
import { threadBusyNs } from './busy-time.js'
import { portChannel } from './channel.js'
import { GroupThread } from './group-thread.js'
import type { ThreadData } from './node-threads.js'
import type { ThreadPlace } from './thread-system.js'
import { importModule } from './worker-module.js'

/** Longest wait for the answers of other threads. Those of a group start together, and while each loads its module none answers. */
const ATTACH_MS = 60_000

const { tickbus, control, ...facts } = workerData as ThreadData
await GroupThread.run(facts, portChannel(control, true), { attach: () => attach(tickbus), load: importModule })

async function attach(ticket: Ticket): Promise<ThreadPlace> {
  adoptTicket(ticket)
  const bus = await MessageBus.attach(ticket, { timeoutMs: ATTACH_MS })
  const { core } = insideOf(bus)
  return {
    thread: threadId,
    join: (options) => core.join(options),
    bus,
    core,
    clock: processClock(bus),
    polling: ticket.polling,
    busyNs: threadBusyNs,
  }
}
