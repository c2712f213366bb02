import { EventEmitter } from 'node:events'
import anyTest, { type ExecutionContext } from 'ava'
import { EventBus } from 'tickbus'

type Body = (t: ExecutionContext, Emitter: typeof EventEmitter) => void | Promise<void>

/** What the documentation of node:events promises has to hold for both: Node's own is there to prove the test. */
export const subjects: Readonly<Record<string, typeof EventEmitter>> = {
  'node:events': EventEmitter,
  EventBus: EventBus as unknown as typeof EventEmitter,
}

/** Declares the same test once for each. They run one after the other: some change settings of the whole process. */
export function onBoth(title: string, body: Body): void {
  for (const [name, Emitter] of Object.entries(subjects)) {
    anyTest.serial(`${title} [${name}]`, (t) => body(t, Emitter))
  }
}

/** Lets everything run that is due: ticks, promises, immediates. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** The warnings that the process emits because of `act`. */
export async function warningsOf(act: () => void): Promise<(Error & Record<string, unknown>)[]> {
  const seen: (Error & Record<string, unknown>)[] = []
  const note = (warning: Error) => seen.push(warning as (typeof seen)[number])
  await turn()
  process.on('warning', note)
  act()
  await turn()
  process.off('warning', note)
  return seen
}
