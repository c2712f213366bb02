/** Handles messages with keys where a group of Tickbus does the work. */
import type { KeyedTick } from './key-threads.js'
import { takeKeyedShare } from './shares.js'

const take = await takeKeyedShare()

export default function handle({ key, sequence }: KeyedTick): Promise<void> {
  return take(key, sequence)
}
