import { badArgument } from '../errors.js'

/** How urgent a log line is, from the least; `silent` for no lines at all. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/** Takes a message, or details and then a message. */
export interface LogMethod {
  (message: string): void
  (details: object, message?: string): void
}

/** What a client logs to: the part of pino's interface that it uses, so that a pino instance can be given as it is. */
export interface Logger {
  readonly trace: LogMethod
  readonly debug: LogMethod
  readonly info: LogMethod
  readonly warn: LogMethod
  readonly error: LogMethod
  readonly fatal: LogMethod
  /** A logger that adds `bindings` to each of its lines. */
  child(bindings: Record<string, unknown>): Logger
}

/** pino's numbers. */
const numbers = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const

export const logLevels: readonly LogLevel[] = [...(Object.keys(numbers) as (keyof typeof numbers)[]), 'silent']

/** Says nothing. */
export const silent: Logger = createLogger('silent')

/**
 * The default logger: one line of JSON a message on stderr, with pino's `level`, `time` and `msg`, so that its tools read
 * it. It does no more than that. For anything else give the client a logger of your own, such as `pino()`: loading it here
 * would cost everybody its dependencies.
 */
export function createLogger(
  level: LogLevel,
  write: (line: string) => void = (line) => void process.stderr.write(line),
  bindings: Record<string, unknown> = {},
): Logger {
  const least = level === 'silent' ? Infinity : numbers[level]
  const method = (name: keyof typeof numbers): LogMethod => {
    const number = numbers[name]
    if (number < least) return () => {}
    return (given: string | object, message?: string) => {
      const said = typeof given === 'string' ? { msg: given } : { ...detailsOf(given), msg: message }
      write(`${line({ level: number, time: Date.now(), pid: process.pid, ...bindings, ...said })}\n`)
    }
  }
  return {
    trace: method('trace'),
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
    fatal: method('fatal'),
    child: (more) => createLogger(level, write, { ...bindings, ...more }),
  }
}

/** @throws {TickbusError} `TICKBUS_ARGUMENT` if a method is missing. */
export function checkLogger(logger: unknown): Logger {
  const methods = [...Object.keys(numbers), 'child']
  const has = (name: string): boolean => typeof (logger as Record<string, unknown> | null)?.[name] === 'function'
  if (methods.every(has)) return logger as Logger
  throw badArgument('logger', `an object with the methods ${methods.join(', ')}`, logger)
}

/** An error says nothing as JSON. */
function detailsOf(details: object): object {
  return details instanceof Error ? { err: details } : details
}

function line(entry: object): string {
  try {
    return JSON.stringify(entry, plain)
  } catch (error) {
    // A cycle, or a toJSON that throws: the message still counts.
    const { level, time, pid, msg } = entry as Record<string, unknown>
    return JSON.stringify({ level, time, pid, msg, unprintable: String(error) })
  }
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (!(value instanceof Error)) return value
  const { name, message, stack, code, cause } = value as Error & { code?: unknown }
  return { type: name, message, stack, code, cause }
}
