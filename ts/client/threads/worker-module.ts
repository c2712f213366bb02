import { show } from '../../errors.js'
import type { MessageBus } from '../../workers/index.js'
import type { Delivery } from '../delivery.js'

/** What a module that runs in a group's worker threads exports. */
export interface WorkerModule {
  /** Handles one message; one that throws, or whose promise rejects, has failed. */
  readonly default: (message: unknown, delivery: Delivery) => unknown
  /** Runs once in each thread before its first message. */
  readonly open?: (context: { bus: MessageBus }) => unknown
  /** Runs once in each thread after its last message. */
  readonly close?: () => unknown
}

/** Why a module cannot be used. */
export class Unusable extends Error {}

/** Imports a worker module; throws {@link Unusable}, or what the module throws when it is loaded. */
export async function importModule(url: string): Promise<WorkerModule> {
  const module = (await import(url)) as Partial<WorkerModule>
  if (!('default' in module)) throw new Unusable('it has no default export; export the handler as default')
  if (typeof module.default !== 'function')
    throw new Unusable(`its default export is not a function, got ${show(module.default)}`)
  for (const name of ['open', 'close'] as const) {
    if (module[name] !== undefined && typeof module[name] !== 'function')
      throw new Unusable(`its export "${name}" is not a function, got ${show(module[name])}`)
  }
  return module as WorkerModule
}
