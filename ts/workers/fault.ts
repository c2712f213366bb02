import { codes, type ErrorCode, TickbusError } from '../errors.js'

/** What was thrown in another thread, as plain data. */
export type Fault =
  | { readonly thrown: unknown }
  | {
      readonly name: string
      readonly message: string
      readonly stack: string | undefined
      readonly code: unknown
    }

export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { thrown: error }
  const { name, message, stack } = error
  return { name, message, stack, code: (error as { code?: unknown }).code }
}

/** What to throw here for it: an error that says the same, and where it came from; what was no error as it is. */
export function errorOf(fault: Fault): unknown {
  if ('thrown' in fault) return fault.thrown
  const { name, message, stack, code } = fault
  const error = isOurs(name, code) ? new TickbusError(code) : new Error(message)
  const fields = { message, stack, ...(code !== undefined && { code }), ...(error.name !== name && { name }) }
  for (const [field, value] of Object.entries(fields)) {
    Object.defineProperty(error, field, { value, writable: true, configurable: true })
  }
  return error
}

function isOurs(name: string, code: unknown): code is ErrorCode {
  return name === 'TickbusError' && typeof code === 'string' && Object.hasOwn(codes, code)
}
