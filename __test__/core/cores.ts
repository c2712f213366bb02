import anyTest, { type ExecutionContext, type TestFn } from 'ava'
import type { Backend, Core } from '../../dist/core.js'
import { loadCore } from '../../dist/native/index.js'
import { TickbusError } from 'tickbus'

/** The backends that this process can run on; TICKBUS_BACKEND leaves one. */
export const cores: readonly Core[] = (['native', 'js'] as const).flatMap((backend) => open(backend) ?? [])

if (cores.length === 1) console.log(`# the core is tested on the ${cores[0]!.backend} backend alone`)

/** Declares the same tests once for every backend. */
export function forEachCore(
  subject: string,
  declare: (test: (title: string, body: (t: ExecutionContext) => void | Promise<void>) => void, core: Core) => void,
  ava: TestFn = anyTest,
): void {
  for (const core of cores) declare((title, body) => ava(`${subject}: ${title} [${core.backend}]`, body), core)
}

function open(backend: Backend): Core | undefined {
  try {
    return loadCore(backend)
  } catch (error) {
    if (error instanceof TickbusError && error.code === 'TICKBUS_BACKEND') return undefined
    throw error
  }
}
