/** Processes whose disk fails, waits or is full, by a preloaded shim, where a compiler can make one. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { run } from '../cli/command.js'
import { backends, scratch } from './journals.js'

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
const shim = join(tmpdir(), `tickbus-shim-${process.pid}.so`)
const hasShim = process.platform === 'linux' && compiles()
if (!hasShim) test.skip('what the disk refuses (there is no C compiler, or no Linux, to make a shim with)', () => {})
test.after.always(() => rmSync(shim, { force: true }))

/** Backends that can be tested so. */
export const shimmed = hasShim ? backends : []

function compiles(): boolean {
  const { status } = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', shim, fixture('shim.c'), '-ldl'])
  return status === 0
}

/** What a fixture has seen that plays a scenario under the shim, and exits with `ends`. */
export async function play(
  t: ExecutionContext,
  name: string,
  backend: string,
  scenario: string,
  ends = 0,
  // oxlint-disable-next-line typescript/no-explicit-any -- each scenario has something else to say
): Promise<any> {
  const directory = scratch(t)
  const env = { LD_PRELOAD: shim, TICKBUS_SHIM: join(directory, 'shim') }
  const { code, stdout, stderr } = await run([fixture(name), join(directory, 'wal'), backend, scenario], env)
  t.is(code, ends, stderr)
  return JSON.parse(stdout)
}
