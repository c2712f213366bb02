/** What a journal runs on in a simulation: its clock, its disk and its random numbers. */
import type { ClientOptions } from 'tickbus'
import type { Disk } from './disk.js'
import type { Random } from './random.js'
import type { World } from './world.js'

export type System = NonNullable<ClientOptions['system']>
export type Files = System['files']
export type OpenFile = Awaited<ReturnType<Files['open']>>

export function systemOf(world: World, disk: Disk, random: Random): System {
  const nothing = (): void => {}
  return {
    files: disk,
    get timeOrigin() {
      return Number(world.unixOffsetNs / 1_000_000n)
    },
    nowMs: () => world.nowNs() / 1e6,
    unixMs: () => Number(world.unixNs() / 1_000_000n),
    setTimeout: (run, ms) => world.setTimer(run, ms),
    clearTimeout: (timer) => timer !== undefined && world.clearTimer(timer),
    setImmediate: (run) => world.defer(run),
    keeper: () => ({ ref: nothing, unref: nothing, close: nothing }),
    fillRandom: (bytes) => random.fill(bytes),
  }
}
