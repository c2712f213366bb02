import type { JournalWriter, JournalWriterOptions } from '../journal-core.js'
import { JOURNAL_WORD_WANTS, JOURNAL_WORD_WANTS_SYNC } from '../layout.js'
import { nodeSystem, type System } from '../system.js'

/** How long the loop stays awake for an answer. */
const EAGER_MS = 0.1
/** So many times it falls asleep at once, after it has stayed awake in vain. */
const RESTS = 64

/**
 * Opens a writer that has a thread of its own, and whose answers find this one awake: after something was handed over for
 * which somebody waits, the event loop turns for a moment instead of falling asleep. Where a machine is idle it takes longer
 * to be woken than to write. Where it is not, the writer may wait for this very processor: then loops rest, most of the time.
 */
export function openEagerWriter(
  open: (options: JournalWriterOptions) => JournalWriter,
  options: JournalWriterOptions,
  system: Pick<System, 'nowMs' | 'setImmediate'> = nodeSystem,
): JournalWriter {
  const words = new Int32Array(options.page.buffer)
  const writer = open(options)
  let isAwake = false
  let untilMs = 0
  let rests = 0

  const turn = (): void => {
    isAwake = isWanted() && system.nowMs() < untilMs
    if (isAwake) system.setImmediate(turn)
    else if (isWanted()) rests = RESTS
  }
  const isWanted = (): boolean =>
    Atomics.load(words, JOURNAL_WORD_WANTS) !== 0 || Atomics.load(words, JOURNAL_WORD_WANTS_SYNC) !== 0

  const stayAwake = (): void => {
    untilMs = system.nowMs() + EAGER_MS
    if (!isAwake) system.setImmediate(turn)
    isAwake = true
  }
  const submit = (frames: Uint8Array): boolean => {
    const hadRoom = writer.submit(frames)
    if (rests > 0) rests -= 1
    else if (isWanted()) stayAwake()
    return hadRoom
  }
  return { ...writer, submit }
}
