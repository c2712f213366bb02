import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { BufferedMessageBusClient, json, MessageBus, type MessageBusOptions, topics } from 'tickbus'
import { until } from '../until.js'
import { tickbus } from './command.js'

const schema = topics({ 'orders.{id}': json<{ n: number }>({ delivery: 'at-least-once' }) })

async function open(t: ExecutionContext, directory: string, handler: (order: { n: number }) => void) {
  const bus = new MessageBus({ schema } as MessageBusOptions) as MessageBus
  t.teardown(() => bus.close())
  const client = await BufferedMessageBusClient.open(bus, { journal: directory })
  client.on('handlerError', () => {})
  await client.subscribe('orders.*', handler, { group: 'g', maxDeliver: 1 })
  return { bus, client }
}

/** The directory of a journal that is closed, with three dead letters. */
async function written(t: ExecutionContext): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'tickbus-letters-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const { bus, client } = await open(t, directory, ({ n }) => {
    throw n === 2 ? new RangeError('odd') : new Error('broken')
  })
  for (const n of [1, 2, 3]) client.tryPublish(`orders.${n}`, { n })
  await until(() => client.deadLetters.size === 3)
  const listed = await tickbus('deadletters', 'list', directory, '--json')
  t.is(listed.code, 0, 'beside a client that runs')
  const locked = await tickbus('deadletters', 'purge', directory, '--all', '--json')
  t.deepEqual([locked.code, JSON.parse(locked.stdout).error.code], [1, 'TICKBUS_JOURNAL_LOCKED'])
  await client.close()
  await bus.close()
  return directory
}

test('letters are listed, shown, redriven at the next open, and purged', async (t) => {
  const directory = await written(t)
  const { stdout } = await tickbus('deadletters', 'list', directory)
  t.regex(stdout, /^ *number +died +group +topic +reason +attempts +note\n/)
  t.regex(stdout, /Z +g +orders\.2 +failed +1 +odd\n/)
  const shown = JSON.parse((await tickbus('deadletters', 'show', directory, '--topic', 'orders.2')).stdout)
  t.is(shown.letters.length, 1)
  t.like(shown.letters[0], { group: 'g', topic: 'orders.2', reason: 'failed', encoding: 'json', message: { n: 2 } })
  t.like(shown.letters[0].attempts[0], { attempt: 1, errorClass: 'RangeError' })

  const purged = await tickbus('deadletters', 'purge', directory, String(shown.letters[0].number), '--json')
  t.like(JSON.parse(purged.stdout), { purged: 1 })
  const redriven = await tickbus('deadletters', 'redrive', directory, '--topic', 'orders.3')
  t.is(redriven.stdout, `${directory}: 1 letter for the next open\n`)
  const seen: number[] = []
  const { client } = await open(t, directory, ({ n }) => void seen.push(n))
  await client.drain()
  t.deepEqual(seen, [3])
  t.deepEqual(
    client.deadLetters.list().map(({ message }) => message),
    [{ n: 1 }],
  )
})

test('what is not there exits with 1, wrong usage with 2, help with an example', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'tickbus-letters-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const missing = await tickbus('deadletters', 'list', '/nowhere/wal', '--json')
  t.deepEqual([missing.code, JSON.parse(missing.stdout).error.code], [1, 'TICKBUS_JOURNAL_MISSING'])
  const unknown = await tickbus('deadletters', 'show', directory, '7', '--json')
  t.deepEqual([unknown.code, JSON.parse(unknown.stdout).error.code], [1, 'TICKBUS_DEAD_LETTER'])
  t.is((await tickbus('deadletters', 'purge', directory)).code, 2)
  t.regex((await tickbus('deadletters', 'redrive', '--help')).stdout, /Example:\n {2}tickbus deadletters redrive /)
})
