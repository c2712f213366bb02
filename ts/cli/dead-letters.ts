import { Command } from 'commander'
import { type ArchivedLetter, listStoredLetters, purgeStoredLetters, redriveStoredLetters } from '../delivery/index.js'
import { TickbusError } from '../errors.js'
import { many, table } from './format.js'

interface LetterFlags {
  readonly json?: true
  readonly all?: true
  readonly group?: string
  readonly topic?: string
  readonly reason?: string
}

export function deadLettersCommand(): Command {
  return new Command('deadletters')
    .description("Looks through the dead letters beside a client's journal, and deals with them.")
    .usage('list | show | redrive | purge DIRECTORY [NUMBER...]')
    .addHelpText('after', '\nExample:\n  tickbus deadletters list ./wal --group exec')
    .addCommand(filtered('list', 'Lists the letters, the oldest first. Also while a client runs.').action(list))
    .addCommand(filtered('show', 'Prints letters with their attempts and messages.').action(show))
    .addCommand(
      filtered(
        'redrive',
        'Gives letters to their groups once more, at the next open. The client must be closed.',
      ).action(redrive),
    )
    .addCommand(filtered('purge', 'Forgets letters. The client must be closed.').action(purge))
}

function filtered(name: string, description: string): Command {
  const deals = name === 'redrive' || name === 'purge'
  const command = new Command(name)
    .description(description)
    .argument('<directory>', 'the directory of the journal')
    .argument('[numbers...]', 'the letters that are meant, as "list" shows them')
    .usage(`DIRECTORY [NUMBER...]${deals ? ' [--all]' : ''} [--group NAME] [--topic TOPIC] [--reason REASON] [--json]`)
    .option('--group <name>', 'only letters of this group')
    .option('--topic <topic>', 'only letters of this topic')
    .option('--reason <reason>', 'only letters that died for this reason')
    .option('--json', 'print one JSON document')
    .addHelpText('after', `\nExample:\n  tickbus deadletters ${name} ./wal --reason failed --json`)
  return deals ? command.option('--all', 'all letters, where nothing else says which') : command
}

function list(directory: string, numbers: string[], flags: LetterFlags): void {
  const letters = chosen(directory, numbers, flags)
  if (flags.json) return print({ directory, letters: letters.map(headOf) })
  const rows = letters.map(({ sequence, message, head }) => [
    String(sequence),
    timeOf(head.died),
    head.group,
    message.topic,
    head.reason,
    String(head.attempts.length),
    head.note ?? '',
  ])
  process.stdout.write(table([['number', 'died', 'group', 'topic', 'reason', 'attempts', 'note'], ...rows]))
}

function show(directory: string, numbers: string[], flags: LetterFlags): void {
  const letters = chosen(directory, numbers, flags)
  print({ directory, letters: letters.map((letter) => ({ ...headOf(letter), ...payloadOf(letter) })) })
}

async function redrive(directory: string, numbers: string[], flags: LetterFlags): Promise<void> {
  const letters = meant(directory, numbers, flags)
  const redriven = await redriveStoredLetters(directory, letters)
  const left = letters.length - redriven
  if (flags.json) return print({ directory, redriven, left })
  const rest = left === 0 ? '' : `; ${left} left, whose message or group is not there`
  process.stdout.write(`${directory}: ${many(redriven, 'letter')} for the next open${rest}\n`)
}

async function purge(directory: string, numbers: string[], flags: LetterFlags): Promise<void> {
  const letters = meant(directory, numbers, flags)
  await purgeStoredLetters(directory, letters)
  if (flags.json) return print({ directory, purged: letters.length })
  process.stdout.write(`${directory}: ${many(letters.length, 'letter')} purged\n`)
}

/** What changes letters says which, or that all are meant. */
function meant(directory: string, numbers: string[], flags: LetterFlags): ArchivedLetter[] {
  const { all, group, topic, reason } = flags
  if (numbers.length === 0 && all === undefined && (group ?? topic ?? reason) === undefined) {
    throw new TickbusError('TICKBUS_USAGE', { reason: 'Say which letters: by number, by a filter, or with --all.' })
  }
  return chosen(directory, numbers, flags)
}

function chosen(directory: string, numbers: string[], { group, topic, reason }: LetterFlags): ArchivedLetter[] {
  const letters = listStoredLetters(directory)
  for (const number of numbers) {
    if (!letters.some(({ sequence }) => String(sequence) === number)) {
      throw new TickbusError('TICKBUS_DEAD_LETTER', { number })
    }
  }
  return letters.filter(
    ({ sequence, head, message }) =>
      (numbers.length === 0 || numbers.includes(String(sequence))) &&
      (group === undefined || head.group === group) &&
      (topic === undefined || message.topic === topic) &&
      (reason === undefined || head.reason === reason),
  )
}

function headOf({ sequence, message, head }: ArchivedLetter): object {
  const { sequence: place, encoding: _, ...rest } = head
  return { number: sequence, topic: message.topic, ...rest, place }
}

/** JSON as it is; anything else as base64. */
function payloadOf({ head, message: { payload } }: ArchivedLetter): object {
  const bytes = Buffer.from(payload)
  if (head.encoding !== 'json') return { encoding: head.encoding, base64: bytes.toString('base64') }
  try {
    return { encoding: 'json', message: JSON.parse(bytes.toString()) as unknown }
  } catch {
    return { encoding: 'json', text: bytes.toString() }
  }
}

function timeOf(unixNs: string): string {
  return new Date(Number(BigInt(unixNs) / 1_000_000n)).toISOString()
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}
