/**
 * The way into the package's inside, which these questions measure and users never see. Loaded by place: what is inside
 * has no name that could be imported.
 */
import { createRequire } from 'node:module'
import type { Core } from '../../dist/core.js'
import type { JournalCore } from '../../dist/journal-core.js'
import type { MarketCore } from '../../dist/market-core.js'
import type { Backend } from 'tickbus'
import { Unavailable } from '../question.js'

/** What src/probe.rs exports: calls that do nothing, as `#[napi]` generates them and as raw functions. */
export interface Probes {
  probeNoop(): void
  probeAdd(a: number, b: number): number
  probeText(text: string): number
  probeView(view: Uint8Array): number
  Probe: new () => { add(n: number): number }
  rawNoop(): void
  rawAdd(a: number, b: number): number
  rawText(text: string): number
  rawView(view: Uint8Array): number
  openRoutes(answer: Uint8Array): { removePattern(id: number): void }
}

/** @throws {Unavailable} where the addon cannot be loaded. */
export function loadProbes(): Probes {
  try {
    return createRequire(import.meta.url)('../../../native/binding.cjs') as Probes
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
    throw new Unavailable(`The addon cannot be loaded: ${reason}`)
  }
}

/** @throws {TickbusError} `TICKBUS_BACKEND` where it cannot be used. */
export async function loadCore(backend: Backend): Promise<Core> {
  const { loadCore } = await load<typeof import('../../dist/native/index.js')>('native/index.js')
  return loadCore(backend)
}

/** @throws {TickbusError} `TICKBUS_BACKEND` where it cannot be used. */
export async function loadMarketCore(backend: Backend): Promise<MarketCore> {
  const { loadMarketCore } = await load<typeof import('../../dist/native/index.js')>('native/index.js')
  return loadMarketCore(backend)
}

/** @throws {TickbusError} `TICKBUS_BACKEND` where it cannot be used. */
export async function loadJournalCore(backend: Backend): Promise<JournalCore> {
  const { loadJournalCore } = await load<typeof import('../../dist/native/index.js')>('native/index.js')
  return loadJournalCore(backend)
}

/** The page on which the threads of a bus are written down. */
export async function loadRoster(): Promise<typeof import('../../dist/workers/roster.js')> {
  return load('workers/roster.js')
}

function load<Module>(path: string): Promise<Module> {
  return import(new URL(`../../${path}`, import.meta.url).href)
}
