import { replay, type ReplayOptions, type ReplayResult } from '../market/index.js'
import { count } from './format.js'
import { openProgress } from './progress.js'

/** Replays, and shows how far it is. */
export async function replayWithProgress(
  title: string,
  files: readonly string[],
  options: ReplayOptions,
): Promise<ReplayResult> {
  const progress = await openProgress(title)
  try {
    const result = await replay(files, {
      ...options,
      // The bar is for sending; what is read before takes a moment.
      onProgress: ({ phase, portion, sent }) =>
        phase === 'reading'
          ? progress.update(0, 'reading and decoding')
          : progress.update(portion, `${count(sent)} messages`),
    })
    progress.done(`${title}: ${count(result.delivered)} delivered, ${count(result.lost)} lost`)
    return result
  } catch (error) {
    progress.fail(`${title}: failed`)
    throw error
  }
}

/** Whether everything was read, and what arrived is what was sent. Messages may be lost only where nobody waits. */
export function isSound({ faults, lost, proof, speed }: ReplayResult): boolean {
  return faults.length === 0 && (proof.isSame || (speed !== 'max' && lost > 0))
}
