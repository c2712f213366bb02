import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { Journal } from 'tickbus'
import { tickbus } from './command.js'

/** A closed journal of 100 messages in several segments. */
async function written(t: ExecutionContext): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'tickbus-journal-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const journal = await Journal.open(directory, { segmentBytes: 4_096 })
  for (let number = 0; number < 100; number++) journal.append({ topic: 'orders.A', payload: new Uint8Array(100) })
  await journal.close()
  return directory
}

function damage(directory: string): string {
  const name = readdirSync(directory)
    .filter((one) => one.endsWith('.segment'))
    .sort()[1]
  const bytes = readFileSync(join(directory, name))
  bytes[500] ^= 1
  writeFileSync(join(directory, name), bytes)
  return name
}

test('a sound journal is verified with exit code 0, and listed segment by segment', async (t) => {
  const directory = await written(t)
  const { code, stdout } = await tickbus('journal', 'verify', directory, '--json')
  t.is(code, 0)
  const report = JSON.parse(stdout)
  t.like(report, { directory, isDamaged: false, records: 101, synced: 101 })
  t.true(report.segments.length > 2)
  t.regex(report.segments[0].timeNs, /^\d{19}$/)
  const list = await tickbus('journal', 'list', directory)
  t.is(list.code, 0)
  t.regex(list.stdout, /^ +segment +bytes +records +first +last +begun +faults\n +0{19}1\.segment /)
})

test('damage is listed with segment and offset and exit code 1; repair mends it', async (t) => {
  const directory = await written(t)
  const name = damage(directory)
  const verified = await tickbus('journal', 'verify', directory)
  t.is(verified.code, 1)
  t.regex(verified.stdout, new RegExp(`${name} at byte \\d+: .*\\n"tickbus journal repair `))
  const repaired = await tickbus('journal', 'repair', directory, '--json')
  t.is(repaired.code, 0, repaired.stderr)
  t.like(JSON.parse(repaired.stdout), { aside: [`${name}.damaged`], records: 100 })
  t.is((await tickbus('journal', 'verify', directory)).code, 0)
  t.regex((await tickbus('journal', 'repair', directory)).stdout, /nothing to mend; 100 records kept/)
})

test('a journal that is open is not repaired', async (t) => {
  const directory = await written(t)
  const journal = await Journal.open(directory)
  t.teardown(() => journal.close())
  damage(directory)
  const { code, stdout } = await tickbus('journal', 'repair', directory, '--json')
  t.is(code, 1)
  t.is(JSON.parse(stdout).error.code, 'TICKBUS_JOURNAL_LOCKED')
})

test('a directory that is not there exits with 1, wrong usage with 2, help with an example', async (t) => {
  const missing = await tickbus('journal', 'verify', '/nowhere/wal', '--json')
  t.deepEqual([missing.code, JSON.parse(missing.stdout).error.code], [1, 'TICKBUS_JOURNAL_MISSING'])
  t.is((await tickbus('journal', 'verify')).code, 2)
  t.is((await tickbus('journal', 'mend', '.')).code, 2)
  const help = await tickbus('journal', 'repair', '--help')
  t.is(help.code, 0)
  t.regex(help.stdout, /Example:\n {2}tickbus journal repair \.\/wal/)
})
