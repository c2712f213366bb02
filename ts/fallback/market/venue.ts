import type { DecodedVenue } from '../../market-core.js'
import type { Scanner } from './scanner.js'
import type { Sink } from './sink.js'

/** What a frame was: messages of one kind that were written, or of a kind that is not decoded. */
export const QUOTE = 0
export const TRADE = 1
export const BOOK = 2
export const IGNORED = 3
export type Outcome = typeof QUOTE | typeof TRADE | typeof BOOK | typeof IGNORED

/** Decodes the frames of one venue; each is one file. */
export interface FrameDecoder {
  /** The venue's name of an ignored frame's kind lies here. */
  readonly kindBytes: Uint8Array
  readonly kindStart: number
  readonly kindEnd: number
  /** Whether a frame may be a list; otherwise it is an object. */
  readonly takesLists?: true
  /** Scans one frame and writes what it says, or throws a `Misfit`. */
  decode(frame: Scanner, sink: Sink): Outcome
}

/** Keeps the venue's name of an ignored frame's kind, for decoders to extend. */
export class IgnoredKind {
  kindBytes: Uint8Array = NOTHING
  kindStart = 0
  kindEnd = 0

  /** The frame is ignored under a name of its own text. */
  protected ignoreText(bytes: Uint8Array, start: number, end: number): typeof IGNORED {
    this.kindBytes = bytes
    this.kindStart = start
    this.kindEnd = end
    return IGNORED
  }

  /** The frame is ignored under a name that is ours. */
  protected ignore(kind: Uint8Array): typeof IGNORED {
    return this.ignoreText(kind, 0, kind.length)
  }
}

const NOTHING = new Uint8Array(0)

export type Venues = Readonly<Record<DecodedVenue, new () => FrameDecoder>>
