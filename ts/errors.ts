/**
 * Every error that Tickbus throws, by its stable code. `{name}` is filled in from the error's details.
 * docs/errors.md is made from this table, and the Rust side uses the same codes.
 */
export const codes = {
  TICKBUS_ARGUMENT: 'Bad argument {name}: expected {expected}, got {got}.',
  TICKBUS_ATTACH_TIMEOUT:
    'No answer from thread(s) {threads} within {timeoutMs} ms. A thread that runs one long synchronous call cannot answer: attach before it starts, or raise timeoutMs.',
  TICKBUS_BACKEND: 'The {backend} backend cannot be used: {reason}. Unset TICKBUS_BACKEND to let Tickbus choose.',
  TICKBUS_CATALOG_FULL:
    'The catalog holds {capacity} instruments, so {id} does not fit. Open it with a larger capacity.',
  TICKBUS_CLOSED: 'The bus is closed. Open a new one; a closed bus accepts nothing.',
  TICKBUS_ENCODE:
    'The message on "{topic}" cannot be sent to another thread: {reason}. Send plain data: no functions, no cycles, no symbols.',
  TICKBUS_DUMP: 'The dump {file} cannot be written: {reason}.',
  TICKBUS_ENDPOINT:
    'Endpoint {endpoint} is not usable: {reason}. A name is 1 to 255 bytes, not blank, without * and ?.',
  TICKBUS_ENDPOINT_BUSY:
    'The thread of endpoint "{endpoint}" is so far behind that nothing more can be kept for it. Await bus.ready(), send less, or raise slackRecords.',
  TICKBUS_ENDPOINT_LOST: 'The thread of endpoint "{endpoint}" ended before it replied.',
  TICKBUS_ENDPOINT_TAKEN: 'Endpoint "{endpoint}" is registered already. Deregister it first, or choose another name.',
  TICKBUS_ENDPOINT_UNKNOWN: 'Nobody is registered as "{endpoint}". Register it first, or use trySend().',
  TICKBUS_HANDLER: 'The handler of "{pattern}" is not a function, got {got}.',
  TICKBUS_INSTRUMENT_KNOWN: 'Instrument {id} is in the catalog already. Look it up by get() before you add it.',
  TICKBUS_INSTRUMENTS: 'The instrument list of {venue} cannot be read: {reason}.',
  TICKBUS_INTERNAL: 'Internal error in {where}: {reason}. Please report it with the stack.',
  TICKBUS_MEMBERS: 'A bus joins at most {most} threads. Close or terminate one before attaching another.',
  TICKBUS_PATTERN:
    'Pattern {pattern} is not usable: {reason}. A pattern is 1 to 255 bytes of text; * stands for any run, ? for one byte.',
  TICKBUS_PAYLOAD_SIZE:
    'The message on "{topic}" takes {bytes} bytes encoded, more than the {most} that fit. Raise slabBytes or send it in parts.',
  TICKBUS_POLLING: "polling is 'auto', 'off' or {{ us }} with 0 to 1,000,000 microseconds, got {got}.",
  TICKBUS_PRIORITY: 'A priority is a whole number from -2^31 to 2^31 - 1, got {got}.',
  TICKBUS_READY_TIMEOUT:
    'The readers made no room within {timeoutMs} ms. Publish less, raise ringRecords, or look at stats().threads for who lags behind.',
  TICKBUS_RECORD_FIELD: 'A {kind} needs {field} to be {expected}, got {got}.',
  TICKBUS_RECORD_TIME:
    '{field} lies more than 104 days from the bus epoch, where nanoseconds no longer fit a double. Open the bus with an epoch near the data: new MessageBus({{ epoch }}).',
  TICKBUS_RECORDING: 'The recording {file} cannot be read: {reason}.',
  TICKBUS_REPLAY_WORKER: 'A worker of the replay ended before it had received everything: {reason}.',
  TICKBUS_REQUEST_ABORTED: 'The request to "{endpoint}" was given up, because its signal aborted.',
  TICKBUS_REQUEST_DUPLICATE: 'A request with id "{id}" is under way. Use an id once, or leave it to the bus.',
  TICKBUS_REQUEST_TIMEOUT: 'No reply from "{endpoint}" within {timeoutMs} ms.',
  TICKBUS_RING_SIZE: '{name} is a whole number from {least} to {most}, rounded up to a power of two, got {got}.',
  TICKBUS_SCHEMA: 'The schema entry {template} is not usable: {reason}.',
  TICKBUS_SCHEMA_MISMATCH:
    'This thread attaches with another schema than the bus was opened with: {reason}. Import one schema module in all threads.',
  TICKBUS_SPAWN: 'The worker module {module} did not start: {reason}.',
  TICKBUS_THREADS: 'threads is a whole number from 1 to {most}, got {got}.',
  TICKBUS_TICKET: 'This is not a usable ticket: {reason}. Take a fresh one from bus.ticket() in this process.',
  TICKBUS_TOPIC: 'Topic {topic} is not usable: {reason}. A topic is 1 to 255 bytes, not blank, without * and ?.',
  TICKBUS_USAGE: '{reason}',
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
