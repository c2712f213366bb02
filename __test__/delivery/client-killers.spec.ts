/** A message that kills its process does so only as often as it may be tried, and takes nobody with it. */
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import type { Backend } from 'tickbus'
import { backends, scratch } from './journals.js'
import { abandon, openJournalled } from './journalled.js'
import { linesUntilEnd } from './killed.js'

const module = fileURLToPath(new URL('fixtures/killed-by-a-message.mjs', import.meta.url))
const KILLER = 7
const numbers = [...Array(24).keys()]
/** As many as run at once, and with the killer in front of some of its key. */
const keyOf = (n: number): string => `k${n % 8}`

interface Process {
  readonly lines: string[]
  readonly by: string | null
}

/** What processes say, one after the other, until one ends by itself, that handle what a group has not acknowledged. */
async function runAll(t: ExecutionContext, backend: Backend, kind: string, ns: readonly number[]): Promise<Process[]> {
  const directory = scratch(t)
  const first = await openJournalled(t, backend, directory)
  await first.client.subscribe('orders.*', () => new Promise(() => {}), { group: 'g' })
  for (const n of ns) await first.client.publish('orders.A', { n, key: keyOf(n) }, { key: keyOf(n), ack: 'synced' })
  await abandon(first)
  const processes: Process[] = []
  for (let left = 5; left > 0 && processes.at(-1)?.by !== null; left -= 1) {
    processes.push(await linesUntilEnd(module, [directory, backend, kind]))
  }
  return processes
}

/** The first does not note what it begins, since the one before ended in order. */
const ENDS = ['SIGKILL', 'SIGKILL', 'SIGKILL', null]
const DEAD = `dead ${KILLER} workerLost 2 workerLost`

for (const backend of backends) {
  for (const kind of ['function', 'worker']) {
    test(`a message that kills its process becomes a dead letter, and the others do not [${backend}, ${kind}]`, async (t) => {
      const processes = await runAll(t, backend, kind, numbers)
      t.deepEqual(
        processes.map(({ by }) => by),
        ENDS,
      )
      const lines = processes.flatMap((one) => one.lines)
      t.deepEqual(
        lines.filter((line) => line.startsWith(`! ${KILLER} `)),
        [`! ${KILLER} 1`, `! ${KILLER} 1`, `! ${KILLER} 2`],
      )
      t.deepEqual(
        lines.filter((line) => line.startsWith('dead')),
        [DEAD],
      )
      const done = [...new Set(lines.filter((line) => line.startsWith('=')))].map((line) => Number(line.slice(2)))
      t.deepEqual(
        done.toSorted((a, b) => a - b),
        numbers.filter((n) => n !== KILLER),
      )
      for (const { lines: said } of processes) {
        const begun = said.filter((line) => line.startsWith('!')).map((line) => Number(line.split(' ')[1]))
        for (const key of new Set(numbers.map(keyOf))) {
          const ofKey = begun.filter((n) => keyOf(n) === key)
          t.deepEqual(
            ofKey,
            ofKey.toSorted((a, b) => a - b),
            `key ${key}`,
          )
        }
      }
    })
  }

  test(`so does one that leaves its process no time to write anything [${backend}]`, async (t) => {
    const processes = await runAll(t, backend, 'function', [KILLER])
    t.deepEqual(
      processes.map(({ by }) => by),
      ENDS,
    )
    t.deepEqual(processes.at(-1)!.lines, [DEAD])
  })
}
