import type { Backend } from '../core.js'
import { badArgument } from '../errors.js'
import { jsJournalCore } from '../fallback/index.js'
import type { JournalCore } from '../journal-core.js'
import { nodeSystem, type System } from '../system.js'
import { loadCore, loadNative } from './load.js'

// Apart from the core, so that threads which only work on groups load nothing of journals.

/**
 * What reads and writes journals, in the files of a system.
 *
 * @throws {TickbusError} `TICKBUS_BACKEND` if that backend cannot be had; `TICKBUS_ARGUMENT` if it is the native one and the
 * system is not the process's own, which Rust takes for granted.
 */
export function loadJournalCore(wanted?: Backend, system: System = nodeSystem): JournalCore {
  if (loadCore(wanted).backend === 'js') return jsJournalCore(system)
  if (system !== nodeSystem) throw badArgument('system', 'none on the native backend', 'one of your own')
  return loadNative().core.journal
}
