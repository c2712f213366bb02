// Runs first in every thread that `spawn` starts: gives the module its own workerData, imports it, and reports back.
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { workerData } from 'node:worker_threads'
import { adoptTicket, ticketWasUsed } from './spawned-ticket.js'
import type { SpawnData, SpawnReport } from './spawn.js'

const { tickbus, module, data, port } = workerData as SpawnData
adoptTicket(tickbus)
// The module sees what the caller passed, not our wrapping of it.
Object.assign(createRequire(import.meta.url)('node:worker_threads'), { workerData: data })
syncBuiltinESMExports()

try {
  await import(module)
  port.postMessage({ started: true, attached: ticketWasUsed() } satisfies SpawnReport)
} catch (error) {
  port.postMessage({ started: false, error } satisfies SpawnReport)
} finally {
  port.close()
}
