import anyTest, { type ExecutionContext, type TestFn } from 'ava'
import { type Backend, MessageBus, type MessageBusOptions, TickbusError } from 'tickbus'

type Body = (t: ExecutionContext) => void | Promise<void>

export interface OnBackend {
  readonly backend: Backend
  /** Opens a bus on this backend; it is closed when the test ends. */
  readonly openBus: (t: ExecutionContext, options?: MessageBusOptions) => MessageBus
}

/** Backends that the suite runs on: those that this machine has, and that TICKBUS_BACKEND lets through. */
export const backends: readonly Backend[] = (['native', 'js'] as const).filter(canOpen)
if (backends.length < 2) console.log(`# the suite runs on ${backends.join()} only: the other backend cannot be opened`)

/** Declares the same tests once for every backend. They run one after the other: most of them start threads. */
export function forEachBackend(
  subject: string,
  declare: (test: (title: string, body: Body) => void, on: OnBackend) => void,
  ava: TestFn = anyTest,
): void {
  for (const backend of backends) {
    const openBus = (t: ExecutionContext, options: MessageBusOptions = {}): MessageBus => {
      const bus = new MessageBus({ backend, ...options })
      t.teardown(() => bus.close())
      return bus
    }
    declare((title, body) => ava.serial(`${subject}: ${title} [${backend}]`, body), { backend, openBus })
  }
}

/** The code of the TickbusError that a call throws. */
export function codeOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    if (error instanceof TickbusError) return error.code
    throw error
  }
  return 'nothing was thrown'
}

/** The code of the TickbusError that a promise rejects with. */
export async function codeOfRejection(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (error instanceof TickbusError) return error.code
    throw error
  }
  return 'nothing was thrown'
}

function canOpen(backend: Backend): boolean {
  try {
    void new MessageBus({ backend }).close()
    return true
  } catch {
    return false
  }
}
