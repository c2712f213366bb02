import { codes, type ErrorCode, TickbusError } from '../errors.js'
import type { JournalCore, JournalFrames } from '../journal-core.js'
import type { Binding, NativeEnvironment } from './binding.js'
import { openEagerWriter } from './eager-writer.js'

/** The journal in Rust. `here` is this thread's environment. */
export function nativeJournalCore(binding: Binding, here: () => NativeEnvironment): JournalCore {
  return {
    recoverJournal: (directory) => inWords(directory, () => binding.recoverJournal(directory)),
    openJournalWriter: (options) =>
      inWords(options.directory, () =>
        openEagerWriter(({ wake, ...rest }) => here().openJournal(rest, wake), options),
      ),
    openJournalReader(directory, from): JournalFrames {
      const reader = inWords(directory, () => new binding.JournalReader(directory, from))
      return { read: (out, through) => inWords(directory, () => reader.read(out, through)) }
    },
  }
}

/** The addon says a code and a reason; the sentence around them is in the table, and has the parts of the reason apart. */
function inWords<T>(directory: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    const known: ErrorCode = code !== undefined && code in codes ? (code as ErrorCode) : 'TICKBUS_INTERNAL'
    const [, segment, offset, reason = message] = /^(\S+) at byte (\d+): (.*)$/.exec(message) ?? []
    const [, newer, version] = /^(\S+) has version (\d+)$/.exec(message) ?? []
    const details =
      known === 'TICKBUS_JOURNAL_VERSION'
        ? { directory, segment: newer, version: Number(version) }
        : segment === undefined
          ? { directory, reason, where: 'the native journal' }
          : { directory, segment, offset: Number(offset), reason }
    throw new TickbusError(known, details, error)
  }
}
