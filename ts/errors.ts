/**
 * Every error that Tickbus throws, by its stable code. `{name}` is filled in from the error's details.
 * docs/errors.md is made from this table, and the Rust side uses the same codes.
 */
export const codes = {
  TICKBUS_ARGUMENT: 'Bad argument {name}: expected {expected}, got {got}.',
  TICKBUS_ATTACH_TIMEOUT:
    'No answer from thread(s) {threads} within {timeoutMs} ms. A thread that runs one long synchronous call cannot answer: attach before it starts, or raise timeoutMs.',
  TICKBUS_AUTOSCALE: 'The autoscaler cannot be opened. Mend all of these, then try again:{listing}',
  TICKBUS_BACKEND: 'The {backend} backend cannot be used: {reason}. Unset TICKBUS_BACKEND to let Tickbus choose.',
  TICKBUS_BACKPRESSURED:
    'There is no room for the message on "{topic}": {reason}. Await client.ready(), publish less, or give the lane more capacity.',
  TICKBUS_CATALOG_FULL:
    'The catalog holds {capacity} instruments, so {id} does not fit. Open it with a larger capacity.',
  TICKBUS_CLIENT_CLOSED: 'The client is closed. Open a new one; a closed client takes nothing.',
  TICKBUS_CLOSED: 'The bus is closed. Open a new one; a closed bus accepts nothing.',
  TICKBUS_CONFIG: 'The configuration is not usable. Mend all of these, then try again:{listing}',
  TICKBUS_CONFIG_FILE:
    'The configuration file {file} is not usable: {reason}. Mend it or remove it; tickbus.schema.json says what it may hold.',
  TICKBUS_DEAD_LETTER:
    'There is no dead letter {number}: it was redriven, purged, or made room for newer ones. Look at client.deadLetters.list().',
  TICKBUS_DUMP: 'The dump {file} cannot be written: {reason}.',
  TICKBUS_ENCODE:
    'The message on "{topic}" cannot be encoded, as it has to be for another thread, a journal or a spill file: {reason}. Send plain data: no functions, no cycles, no symbols.',
  TICKBUS_ENDPOINT:
    'Endpoint {endpoint} is not usable: {reason}. A name is 1 to 255 bytes, not blank, without * and ?.',
  TICKBUS_ENDPOINT_BUSY:
    'The thread of endpoint "{endpoint}" is so far behind that nothing more can be kept for it. Await bus.ready(), send less, or raise slackRecords.',
  TICKBUS_ENDPOINT_LOST: 'The thread of endpoint "{endpoint}" ended before it replied.',
  TICKBUS_ENDPOINT_TAKEN: 'Endpoint "{endpoint}" is registered already. Deregister it first, or choose another name.',
  TICKBUS_ENDPOINT_UNKNOWN: 'Nobody is registered as "{endpoint}". Register it first, or use trySend().',
  TICKBUS_EPISODES: 'The episodes cannot be written to {file}: {reason}.',
  TICKBUS_FEES:
    'The fee table is not usable: {reason}. It is like {{"asOf": "2026-11-01", "takerBps": {{"BTCUSDT.BINANCE": 10}}}}.',
  TICKBUS_GIVEN_UP: 'The delivery was given up: {reason}.',
  TICKBUS_GROUP_CONFLICT:
    'Group "{group}" is there already, {reason}. All subscriptions of a group say the same; choose another name for another group.',
  TICKBUS_HANDLER: 'The handler of "{pattern}" is not a function, got {got}.',
  TICKBUS_INSTRUMENTS: 'The instrument list of {venue} cannot be read: {reason}.',
  TICKBUS_INSTRUMENT_KNOWN: 'Instrument {id} is in the catalog already. Look it up by get() before you add it.',
  TICKBUS_INTERNAL: 'Internal error in {where}: {reason}. Please report it with the stack.',
  TICKBUS_JOURNAL_BUS:
    'Another client of this thread keeps a journal on this bus already. Publish through that one, or open this one without a journal.',
  TICKBUS_JOURNAL_CLOSED: 'The journal {directory} is closed. Open it again; a closed journal takes nothing.',
  TICKBUS_JOURNAL_DAMAGED:
    'The journal {directory} is damaged: {segment} at byte {offset}: {reason}. Nothing was changed. "tickbus journal verify" lists all that is wrong; "tickbus journal repair" keeps every record that is whole.',
  TICKBUS_JOURNAL_FULL: 'There is no room for the journal {directory}: {reason}. Free some and try again.',
  TICKBUS_JOURNAL_GROUPS:
    'Which groups read the journal {directory} cannot be told: {file} is unusable: {reason}. Restore it, or remove it: then every group gets all messages that it has not acknowledged.',
  TICKBUS_JOURNAL_IO: 'The journal {directory} cannot be used: {reason}.',
  TICKBUS_JOURNAL_LOCKED:
    'The journal {directory} is written by process {pid}. Close it there, or give each process a directory of its own.',
  TICKBUS_JOURNAL_MISSING:
    'There is no journal in {directory}: {reason}. Create the folder above it, or mend the path.',
  TICKBUS_JOURNAL_READ_ONLY:
    'The journal {directory} cannot be written to: {reason}. Give this user the right to, or choose another directory.',
  TICKBUS_JOURNAL_SYNC:
    'Record {sequence} of the journal {directory} may not be on disk: the sync of its segment failed. It may be there after a restart or not; treat it as not done, and look at the disk.',
  TICKBUS_JOURNAL_UNWRITTEN: 'Record {sequence} of the journal {directory} was not written: {reason}.',
  TICKBUS_JOURNAL_VERSION:
    'The journal {directory} was written by a later Tickbus: {segment} has version {version}. Use that one, or another directory.',
  TICKBUS_LANE: 'There is no lane {lane}. The lanes are {lanes}.',
  TICKBUS_LOSSY_LANE:
    'Messages on "{topic}" may not be lost, and lane {lane} loses some when it is full. Let it block or reject, without shed; or give the topic another lane.',
  TICKBUS_MEMBERS: 'A bus joins at most {most} threads. Close or terminate one before attaching another.',
  TICKBUS_MEMORY_LIMIT:
    'What waits would take up to {neededMb} MiB, more than the {memoryMb} MiB of memoryMb. Raise memoryMb, or lower the capacities of the lanes.',
  TICKBUS_NEEDS_CLIENT:
    'Messages on "{topic}" are journalled before anybody gets them. Publish them through the client that keeps the journal: client.publish() or client.tryPublish().',
  TICKBUS_NOT_JOURNALLED: 'A message on "{topic}" cannot be acknowledged as {ack}: {reason}.',
  TICKBUS_NO_JOURNAL:
    'This client keeps no journal, so that there is nothing to replay. Open it with journal: {{ dir }}, and give the topics delivery: "at-least-once" in the schema.',
  TICKBUS_PAIRS:
    'The table of pairs is not usable: {reason}. It is like {{"BTC": ["BTCUSDT.BINANCE", "BTCUSD_PERP.BINANCE"]}}.',
  TICKBUS_PATTERN:
    'Pattern {pattern} is not usable: {reason}. A pattern is 1 to 255 bytes of text; * stands for any run, ? for one byte.',
  TICKBUS_PAYLOAD_SIZE:
    'The message on "{topic}" takes {bytes} bytes encoded, more than the {most} that fit. Raise slabBytes, or payloadBytes of the client, or send it in parts.',
  TICKBUS_POLLING: "polling is 'auto', 'off' or {{ us }} with 0 to 1,000,000 microseconds, got {got}.",
  TICKBUS_PRIORITY: 'A priority is a whole number from -2^31 to 2^31 - 1, got {got}.',
  TICKBUS_READY_TIMEOUT:
    'The readers made no room within {timeoutMs} ms. Publish less, raise ringRecords, or look at stats().threads for who lags behind.',
  TICKBUS_RECORD: 'The recording {file} cannot be written: {reason}.',
  TICKBUS_RECORDING: 'The recording {file} cannot be read: {reason}.',
  TICKBUS_RECORD_FIELD: 'A {kind} needs {field} to be {expected}, got {got}.',
  TICKBUS_RECORD_TIME:
    '{field} lies more than 104 days from the bus epoch, where nanoseconds no longer fit a double. Open the bus with an epoch near the data: new MessageBus({{ epoch }}).',
  TICKBUS_REPLAY_FAILED:
    'The replay ended in front of message {sequence} on "{topic}", which its handler could not handle: {reason}. Mend the handler and replay from there, let it call delivery.terminate(), or say onFailure: "skip".',
  TICKBUS_REPLAY_FROM:
    'A replay cannot begin at {from}: {reason}. Leave from out to begin with the oldest record that is there; retainBytes of the journal keeps more of them.',
  TICKBUS_REPLAY_NAME:
    'A replay cannot have the name "{name}": {reason}. Choose another one, or end what has it: client.journal.removeConsumer() forgets what the journal knows of a name.',
  TICKBUS_REPLAY_WORKER: 'A worker of the replay ended before it had received everything: {reason}.',
  TICKBUS_REQUEST_ABORTED: 'The request to "{endpoint}" was given up, because its signal aborted.',
  TICKBUS_REQUEST_DUPLICATE: 'A request with id "{id}" is under way. Use an id once, or leave it to the bus.',
  TICKBUS_REQUEST_TIMEOUT: 'No reply from "{endpoint}" within {timeoutMs} ms.',
  TICKBUS_RING_SIZE: '{name} is a whole number from {least} to {most}, rounded up to a power of two, got {got}.',
  TICKBUS_SCHEMA: 'The schema entry {template} is not usable: {reason}.',
  TICKBUS_SCHEMA_MISMATCH:
    'This thread attaches with another schema than the bus was opened with: {reason}. Import one schema module in all threads.',
  TICKBUS_SETTLED:
    'Delivery {id} on "{topic}" is settled: its handler said so before, or has ended, or the client is closed. Say what becomes of a delivery once, before its handler ends.',
  TICKBUS_SHARED_GROUP: 'A group of several threads cannot be opened, joined or cleared up after: {reason}.',
  TICKBUS_SPAWN: 'The worker module {module} did not start: {reason}.',
  TICKBUS_SPILL: 'Lanes cannot spill to {directory}: {reason}. Create the directory, or give another one by spillDir.',
  TICKBUS_THREADS: 'threads is a whole number from 1 to {most}, got {got}.',
  TICKBUS_TICKET: 'This is not a usable ticket: {reason}. Take a fresh one from bus.ticket() in this process.',
  TICKBUS_TOPIC: 'Topic {topic} is not usable: {reason}. A topic is 1 to 255 bytes, not blank, without * and ?.',
  TICKBUS_TRACE: 'The trace {file} is not usable. Mend all of these, then try again:{listing}',
  TICKBUS_UNSETTLED:
    'After {turns} turns there is still something deferred. Something defers itself again each time: use turn() to run a few turns only.',
  TICKBUS_USAGE: '{reason}',
  TICKBUS_VENUE_CHANNEL:
    '{venue} has no channel for {channel}. Subscribe to another, or name the channel in the option channels.',
  TICKBUS_VENUE_CLOSED: 'The client of {venue} is closed. Open a new one; a closed client connects no more.',
  TICKBUS_VENUE_LIMIT:
    '{venue} takes at most {most} subscriptions on one connection, and these would be {count}. Open another client for the rest.',
  TICKBUS_VENUE_REFUSED:
    '{venue} refused the subscription {topic}: {reason}. Look the name up in the list of instruments.',
  TICKBUS_VENUE_SILENT:
    '{venue} did not answer the subscription {topic} within {timeoutMs} ms. Try again, or raise answerTimeoutMs.',
  TICKBUS_VENUE_SNAPSHOT: 'The book snapshot of {symbol} cannot be had from {venue}: {reason}. It is tried again.',
  TICKBUS_WORKER_MODULE: 'The worker module {module} of group "{group}" cannot be used: {reason}.',
  TICKBUS_WORKER_RESTARTS:
    'Worker threads of group "{group}" died and were replaced {restarts} times within {seconds} s, so that they are replaced no more. Mend the module, then open the client anew.',
} as const

export type ErrorCode = keyof typeof codes

/** The one error class of the package: branch on `code`, read `message`, follow `cause`. */
export class TickbusError extends Error {
  override readonly name = 'TickbusError'
  /** Stable name of what went wrong, one of the codes in docs/errors.md. */
  readonly code: ErrorCode
  /** The values that the message was made from. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, details: Record<string, unknown> = {}, cause?: unknown) {
    super(describe(code, details), cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }
}

/** `TICKBUS_ARGUMENT`: which argument, what it should have been, and what it was. */
export function badArgument(name: string, expected: string, got: unknown): TickbusError {
  return new TickbusError('TICKBUS_ARGUMENT', { name, expected, got: show(got) })
}

/** @throws {TickbusError} `TICKBUS_ARGUMENT` unless it is a whole number in the range. */
export function checkWhole(name: string, value: unknown, least: number, most: number): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return
  throw badArgument(name, `a whole number, ${range(least, most)}`, value)
}

/** @throws {TickbusError} `TICKBUS_ARGUMENT` unless it is a number in the range. */
export function checkRange(name: string, value: unknown, least: number, most: number): void {
  if (typeof value === 'number' && value >= least && value <= most) return
  throw badArgument(name, `a number, ${range(least, most)}`, value)
}

function range(least: number, most: number): string {
  return `${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}`
}

/** A value as it should read in an error message: short, quoted where it is text. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`
  if (typeof value === 'object' && value !== null) return `an object of ${value.constructor?.name ?? 'no class'}`
  return String(value)
}

function describe(code: ErrorCode, details: Record<string, unknown>): string {
  return codes[code].replace(/\{\{|\}\}|\{(\w+)\}/g, (text, name: string | undefined) => {
    if (name === undefined) return text[0]!
    const value = details[name]
    return typeof value === 'string' ? value : show(value)
  })
}
