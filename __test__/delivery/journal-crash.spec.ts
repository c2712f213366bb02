/** A process that appends is killed at any moment; every receipt that it gave is kept by this one, and must be there after. */
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { generator } from '../../benchmark/statistics.js'
import { backends, numberOf, open, scratch } from './journals.js'
import { linesUntilKilled } from './killed.js'

const appender = fileURLToPath(new URL('fixtures/appender.mjs', import.meta.url))
const rounds = process.env.TICKBUS_LONG === undefined ? 10 : 100

for (const backend of backends) {
  test.serial(
    `whatever was told to be synced is there after SIGKILL, in order, ${rounds} rounds [${backend}]`,
    async (t) => {
      t.timeout(rounds * 20_000, 'each round starts a process')
      const directory = scratch(t)
      const random = generator(backend.length)
      const ledger = new Map<number, number>()
      let next = 0
      for (let round = 0; round < rounds; round++) {
        const receipts = await appendAndKill(directory, backend, next, 1 + Math.floor(random() * 400))
        for (const [sequence, number] of receipts) {
          t.false(ledger.has(sequence), 'a sequence was given twice')
          ledger.set(sequence, number)
        }
        const journal = await open(t, directory, { backend })
        const records = [...journal.read()]
        const found = new Map(records.map(({ sequence, message }) => [sequence, numberOf(message)]))
        const missing = [...ledger].filter(([sequence, number]) => found.get(sequence) !== number)
        t.deepEqual(missing, [], `round ${round}`)
        const numbers = records.map(({ message }) => numberOf(message))
        t.true(
          numbers.every((number, place) => place === 0 || number > numbers[place - 1]),
          'in order, and none twice',
        )
        next = (numbers.at(-1) ?? -1) + 1
        await journal.close()
      }
      t.true(ledger.size >= rounds)
    },
  )
}

/** Kills the appender once it has given so many receipts, in the middle of what it is at then. */
async function appendAndKill(directory: string, backend: string, first: number, kills: number): Promise<number[][]> {
  const lines = await linesUntilKilled(appender, [directory, backend, String(first), '16'], kills)
  return lines.map((line) => line.split(' ').map(Number))
}
