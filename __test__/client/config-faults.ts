import type { ExecutionContext } from 'ava'
import { type ClientConfig, TickbusError } from 'tickbus'
import { resolveSettings } from '../../dist/client/config/index.js'

export interface Fault {
  readonly path: string
  readonly problem: string
  readonly origin: string
}

/** What is wrong with these options: nothing, or what the one error lists. Anything else fails the test. */
export function faultsOf(t: ExecutionContext, options: unknown, env: NodeJS.ProcessEnv = {}): readonly Fault[] {
  try {
    resolveSettings(options as ClientConfig, env)
    return []
  } catch (error) {
    t.true(error instanceof TickbusError, String(error))
    t.is((error as TickbusError).code, 'TICKBUS_CONFIG', (error as TickbusError).message)
    return (error as TickbusError).details['faults'] as readonly Fault[]
  }
}
