export { type DeadLetter, type DeathReason, describeError, type FailedAttempt, stackHash } from './dead-letter.js'
export { DeadLetters, type LetterFilter, type RedriveOptions } from './dead-letters.js'
export { DEFAULT_WINDOW, IdempotencyWindow, type WindowBounds } from './idempotency-window.js'
export { type ArchivedLetter, LETTERS, readLetter, writeLetter } from './letter-record.js'
export type { RedriveHost, RedriveReport, Taken } from './redrive.js'
export { listStoredLetters, purgeStoredLetters, redriveStoredLetters } from './stored-letters.js'
export { backoff, DEFAULT_RULES, type RetryRules } from './retry-policy.js'
export {
  inspectJournal,
  isAlive,
  type JournalRepair,
  type JournalReport,
  repairJournal,
  startOf,
  type CursorOptions,
  type DeliveryClass,
  type Hold,
  Journal,
  JournalCursor,
  type JournalMessage,
  type JournalOptions,
  type JournalRecord,
  type JournalState,
  type JournalStats,
  type PayloadEncoding,
  type PendingRecord,
  readAcknowledged,
  readMessage,
  readTopic,
  RECORD_ACKNOWLEDGED,
  RECORD_MESSAGE,
  type SyncPolicy,
} from './journal/index.js'
