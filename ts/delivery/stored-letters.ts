/** Dead letters in the directory of a client's journal, for whoever has no client: reading beside one that runs, and more without. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { TickbusError } from '../errors.js'
import { Journal, JournalCursor, recoverConsumers } from './journal/index.js'
import { type ArchivedLetter, LETTERS, readLetter } from './letter-record.js'

/** The letters that were not redriven or purged, the oldest first. Also while a client writes. */
export function listStoredLetters(directory: string): ArchivedLetter[] {
  checkDirectory(directory)
  const path = join(directory, LETTERS)
  if (!existsSync(path)) return []
  const isGone = goneFrom(path)
  const letters = new Map<string, ArchivedLetter>()
  for (const record of JournalCursor.open(path)) {
    if (isGone(record.sequence)) continue
    const letter = readLetter(record)
    letters.set(letter.origin, letter)
  }
  return [...letters.values()]
}

/**
 * Forgets letters. The journal must be closed.
 *
 * @throws {TickbusError} `TICKBUS_JOURNAL_LOCKED`, and what `Journal.open` throws
 */
export async function purgeStoredLetters(directory: string, letters: readonly ArchivedLetter[]): Promise<void> {
  await withJournals(directory, (_, stored) => {
    for (const { sequence } of letters) stored.acknowledge(LETTERS, sequence)
  })
}

/**
 * Writes the messages of letters to the journal once more, each for its own group, which gets them after the next open. The
 * journal must be closed. Says how many: those without a message, or of a group that the journal does not know, stay.
 *
 * @throws {TickbusError} as {@link purgeStoredLetters}; `TICKBUS_JOURNAL_FULL`
 */
export async function redriveStoredLetters(directory: string, letters: readonly ArchivedLetter[]): Promise<number> {
  let redriven = 0
  await withJournals(directory, async (journal, stored) => {
    for (const { sequence, head, message } of letters) {
      if (!head.hasMessage || !journal.consumers.includes(head.group)) continue
      const place = journal.append(message)
      if (place === undefined) throw new TickbusError('TICKBUS_JOURNAL_FULL', { directory, reason: 'the disk is full' })
      for (const consumer of journal.consumers) {
        if (consumer !== head.group) journal.acknowledge(consumer, place)
      }
      await journal.written(place)
      stored.acknowledge(LETTERS, sequence)
      redriven += 1
    }
    await journal.sync()
  })
  return redriven
}

async function withJournals(
  directory: string,
  use: (journal: Journal, stored: Journal) => void | Promise<void>,
): Promise<void> {
  checkDirectory(directory)
  const journal = await Journal.open(directory)
  try {
    const stored = await Journal.open(join(directory, LETTERS))
    try {
      stored.addConsumer(LETTERS)
      await use(journal, stored)
    } finally {
      await stored.close()
    }
  } finally {
    await journal.close()
  }
}

/** What `Journal.open` would make. */
function checkDirectory(directory: string): void {
  if (existsSync(directory)) return
  throw new TickbusError('TICKBUS_JOURNAL_MISSING', { directory, reason: 'it is not there' })
}

/** Whether a letter was redriven or purged, by what is written. */
function goneFrom(path: string): (sequence: number) => boolean {
  const consumers = recoverConsumers(JournalCursor.open(path))
  return (sequence) => consumers.has(LETTERS) && !consumers.isPending(LETTERS, sequence)
}
