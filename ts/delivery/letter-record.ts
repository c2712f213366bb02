/**
 * Dead letters as records of a journal of their own: `u32` bytes of the head, the head as JSON, then the payload of the message
 * as the client's journal has it.
 */
import type { DeadLetter, FailedAttempt } from './dead-letter.js'
import type { DeliveryClass, JournalMessage, JournalRecord, PayloadEncoding } from './journal/index.js'

/** The directory, inside that of the client's journal, and the consumer for whom letters wait. */
export const LETTERS = 'dead-letters'

/** What errors said is kept up to so many characters. */
const TEXT_MOST = 1_000

/** What a letter says beside its message; times are UNIX nanoseconds as text. */
export interface LetterHead extends Pick<DeadLetter, 'id' | 'group' | 'key' | 'priority' | 'reason' | 'note'> {
  /** Where the message stands in the client's journal; 0 if that is not known any more. */
  readonly sequence: number
  readonly published: string
  readonly died: string
  readonly attempts: readonly (Omit<FailedAttempt, 'atNs'> & { readonly at: string })[]
  /** Whether the message could be read. */
  readonly hasMessage: boolean
  readonly encoding: PayloadEncoding
}

export interface ArchivedLetter {
  /** Its place in the journal of letters. */
  readonly sequence: number
  readonly head: LetterHead
  /** As it was journalled. */
  readonly message: JournalMessage
  /** Equal for letters of one message and group. */
  readonly origin: string
}

export function writeLetter(
  letter: DeadLetter,
  sequence: number,
  message: JournalMessage | undefined,
  delivery: DeliveryClass,
  unixOf: (ns: number) => string,
): JournalMessage {
  const { id, topic, group, key, priority, reason, note, publishedNs, diedNs } = letter
  const head: LetterHead = {
    ...{ id, group, key, priority, reason, sequence },
    note: note?.slice(0, TEXT_MOST),
    published: unixOf(publishedNs),
    died: unixOf(diedNs),
    attempts: letter.attempts.map(({ atNs, errorMessage, ...rest }) => ({
      ...rest,
      errorMessage: errorMessage?.slice(0, TEXT_MOST),
      at: unixOf(atNs),
    })),
    hasMessage: letter.message !== undefined,
    encoding: message?.encoding ?? 'bytes',
  }
  const text = Buffer.from(JSON.stringify(head))
  const size = Buffer.alloc(4)
  size.writeUInt32LE(text.length)
  const payload = Buffer.concat([size, text, message?.payload ?? new Uint8Array(0)])
  return { topic, payload, delivery, ...(key === undefined ? undefined : { key }) }
}

/** Throws where the record is no letter. */
export function readLetter({ sequence, message }: JournalRecord): ArchivedLetter {
  const bytes = Buffer.from(message.payload.buffer, message.payload.byteOffset, message.payload.length)
  const end = 4 + bytes.readUInt32LE(0)
  const head = JSON.parse(bytes.toString('utf8', 4, end)) as LetterHead
  const payload = message.payload.subarray(end)
  const original = { ...message, payload, encoding: head.encoding }
  return { sequence, head, message: original, origin: `${head.sequence || `letter ${sequence}`} ${head.group}` }
}
