import { MessageChannel, type MessagePort, threadId, Worker } from 'node:worker_threads'
import { insideOf } from '../../bus/index.js'
import type { MessageBus, Ticket } from '../../workers/index.js'
import { portChannel } from './channel.js'
import type { ThreadFacts, ThreadSystem } from './thread-system.js'

/** What the entry module of a thread gets. */
export interface ThreadData extends ThreadFacts {
  readonly tickbus: Ticket
  /** The channel to the owner. */
  readonly control: MessagePort
}

const ENTRY = new URL('./entry.js', import.meta.url)
/**
 * Undefined: as this process was started, its V8 options included, which may not be given to a thread by name. Code that was
 * given in place of a file has an option that says how to read it, and that is not for ours.
 */
const EXEC_ARGV = process.execArgv.some(isInputType) ? process.execArgv.filter(isNoInputType) : undefined

/** Threads of `node:worker_threads`, each of which becomes a member of the bus. */
// oxlint-disable-next-line typescript/no-explicit-any -- whatever its schema
export function nodeThreads(bus: MessageBus<any>): ThreadSystem {
  const { core } = insideOf(bus)
  return {
    thread: threadId,
    join: (options) => core.join(options),
    start: (facts, { onError, onExit }) => {
      const { port1, port2 } = new MessageChannel()
      const workerData: ThreadData = { ...facts, tickbus: bus.ticket(), control: port2 }
      const worker = new Worker(ENTRY, { workerData, transferList: [port2], execArgv: EXEC_ARGV })
      worker.on('error', onError)
      worker.once('exit', onExit)
      return {
        thread: worker.threadId,
        channel: portChannel(port1, false),
        terminate: () => void worker.terminate(),
      }
    },
  }
}

function isInputType(argument: string): boolean {
  return argument.startsWith('--input-type')
}

function isNoInputType(argument: string): boolean {
  return !isInputType(argument)
}
