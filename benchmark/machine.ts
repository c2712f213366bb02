/** Where a report was made. */
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, release } from 'node:os'
import { backend } from 'tickbus'

export interface Machine {
  cores: number
  model: string
  platform: string
  node: string
  tickbus: string
  backend: string
  date: string
}

export function describeMachine(now = new Date()): Machine {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return {
    cores: availableParallelism(),
    model: cpus()[0]?.model.trim() ?? 'unknown processor',
    platform: `${process.platform} ${process.arch} ${release()}`,
    node: process.versions.node,
    tickbus: String((manifest as { version: unknown }).version),
    backend,
    date: now.toISOString().slice(0, 10),
  }
}

/** The machine on one line. */
export function machineLine(machine: Machine): string {
  const { cores, model, platform, node, tickbus, backend, date } = machine
  return `${cores} cores, ${model}; ${platform}; Node ${node}; tickbus ${tickbus}, default backend ${backend}; ${date}`
}
