/**
 * What a process holds on to, by its resident set: memory of the addon is in no figure of V8. Garbage is collected before
 * each look.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
export const collectGarbage = runInNewContext('gc') as () => void

/** In bytes; `heap` is the part of it that V8 manages. */
export interface Memory {
  resident: number
  heap: number
}

export async function memoryInUse(): Promise<Memory> {
  // What is freed goes back to the system a little later, by another thread.
  for (let pass = 0; pass < 4; pass++) {
    collectGarbage()
    await sleep(25)
  }
  return { resident: process.memoryUsage.rss(), heap: process.memoryUsage().heapUsed }
}
