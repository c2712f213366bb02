/** Files that are cut off or changed anywhere: recovery loses nothing that was synced, and never invents. */
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { Journal, TickbusError } from 'tickbus'
import { inspectJournal, repairJournal } from '../../dist/delivery/index.js'
import { decodeHeader, encodeHeader } from '../../dist/fallback/index.js'
import { appendAll, backends, message, numberOf, open, range, scratch, segments, ticking } from './journals.js'

/** A journal of three synced records, and two behind the mark, as a kill leaves it. */
async function killed(t: Parameters<typeof scratch>[0], backend: (typeof backends)[number]) {
  const directory = join(scratch(t), 'wal')
  const journal = await Journal.open(directory, { backend, sync: 'os', nowNs: ticking() })
  const sequences = appendAll(journal, range(0, 3), 4)
  await journal.synced(sequences[2])
  const after = appendAll(journal, range(3, 5), 4)
  await journal.written(after[1])
  const copy = join(scratch(t), 'copy')
  cpSync(directory, copy, { recursive: true })
  rmSync(join(copy, 'lock'))
  await journal.close()
  const [name] = Object.keys(segments(copy))
  return { directory: copy, name, path: join(copy, name), bytes: readFileSync(join(copy, name)) }
}

for (const backend of backends) {
  test(`cut off or changed at every byte, synced records are there or it is refused unchanged [${backend}]`, async (t) => {
    const { directory, path, bytes } = await killed(t, backend)
    const mark = readFileSync(join(directory, 'synced'))
    const counts = { opened: 0, refused: 0 }
    const attempt = async (damaged: Uint8Array, what: string): Promise<void> => {
      for (const name of Object.keys(segments(directory))) rmSync(join(directory, name))
      writeFileSync(path, damaged)
      writeFileSync(join(directory, 'synced'), mark)
      try {
        const journal = await Journal.open(directory, { backend })
        const numbers = [...journal.read()].map(({ message: one }) => numberOf(one))
        const next = journal.append(message(9))
        await journal.close()
        t.true(numbers.length >= 3, `${what}: a synced record is lost`)
        t.deepEqual(numbers, range(0, numbers.length), what)
        t.true(next! > 5, `${what}: a sequence is given twice`)
        counts.opened += 1
      } catch (error) {
        t.true(error instanceof TickbusError, what)
        t.regex((error as TickbusError).code, /DAMAGED|VERSION/, what)
        t.deepEqual(readFileSync(path), Buffer.from(damaged), `${what}: it was refused, and changed`)
        counts.refused += 1
      }
    }
    for (let at = 0; at < bytes.length; at++) {
      await attempt(bytes.subarray(0, at), `cut at ${at}`)
      const flipped = Uint8Array.from(bytes)
      flipped[at] ^= 1 << (at % 8)
      await attempt(flipped, `flipped at ${at}`)
    }
    t.true(counts.opened > 50 && counts.refused > 200, JSON.stringify(counts))
  })

  test(`damage in the middle says where, and repair keeps all that is whole [${backend}]`, async (t) => {
    const directory = scratch(t)
    const journal = await open(t, directory, { backend, segmentBytes: 4_096, nowNs: ticking() })
    journal.addConsumer('exec')
    const sequences = appendAll(journal, range(0, 200))
    for (const sequence of sequences.slice(0, 50)) journal.acknowledge('exec', sequence)
    await journal.close()
    const [, name] = Object.keys(segments(directory))
    const bytes = readFileSync(join(directory, name))
    bytes[1_000] ^= 1
    writeFileSync(join(directory, name), bytes)

    const error = await t.throwsAsync(Journal.open(directory, { backend }), { instanceOf: TickbusError })
    t.like(error, { code: 'TICKBUS_JOURNAL_DAMAGED', details: { directory, segment: name } })
    const { offset } = error!.details as { offset: number }
    t.true(offset <= 1_000 && offset > 900, `the record at ${offset}`)
    const report = inspectJournal(directory)
    t.true(report.isDamaged)
    t.deepEqual(
      report.segments.flatMap(({ segment, faults }) => faults.map((fault) => [segment, fault.offset])),
      [[name, offset]],
    )
    const repaired = repairJournal(directory)
    t.deepEqual(repaired.aside, [`${name}.damaged`])
    t.deepEqual(readFileSync(join(directory, `${name}.damaged`)), bytes)
    t.false(inspectJournal(directory).isDamaged)
    const again = await open(t, directory, { backend })
    const numbers = [...again.read()].map(({ message: one }) => numberOf(one))
    t.is(numbers.length, 199)
    t.is([...again.pending('exec')].length, numbers.filter((number) => number >= 50).length)
  })

  test(`a header, a missing segment and a lost end are damage too, and can be mended [${backend}]`, async (t) => {
    const damages: [string, (directory: string, names: string[]) => void, number][] = [
      ['header', (directory, names) => corrupt(join(directory, names[2]), 20), 200],
      ['missing', (directory, names) => rmSync(join(directory, names[2])), 199],
      ['cut between records', (directory, names) => cutRecord(join(directory, names[2])), 199],
      ['end', (directory, names) => truncateSync(join(directory, names.at(-1)!), 70), 199],
    ]
    for (const [what, damage, most] of damages) {
      const directory = scratch(t)
      const journal = await open(t, directory, { backend, segmentBytes: 4_096, nowNs: ticking() })
      appendAll(journal, range(0, 200))
      await journal.close()
      damage(directory, Object.keys(segments(directory)))
      const error = await t.throwsAsync(Journal.open(directory, { backend }), { instanceOf: TickbusError }, what)
      t.is(error!.code, 'TICKBUS_JOURNAL_DAMAGED', what)
      repairJournal(directory)
      const again = await open(t, directory, { backend })
      const count = [...again.read()].length
      t.true(count <= most && count > 100, `${what}: ${count}`)
      t.true(again.append(message(1))! > 201, `${what}: no sequence twice`)
      await again.close()
    }
  })

  test(`segments that were never synced go without their headers, and nothing else does [${backend}]`, async (t) => {
    const written = scratch(t)
    const journal = await open(t, written, { backend, segmentBytes: 4_096, nowNs: ticking() })
    appendAll(journal, range(0, 300))
    await journal.close()
    const names = Object.keys(segments(written))
    const [one, two, after] = names.slice(1, 4).map((name) => ({ name, first: Number.parseInt(name, 10) }))
    const header = decodeHeader(readFileSync(join(written, after!.name)), written, after!.name, after!.first)
    const whole = readFileSync(join(written, two!.name))
    const cases: [string, { syncedBefore: number; left: Uint8Array; isOpened: boolean }][] = [
      ['never synced', { syncedBefore: one!.first - 1, left: whole.subarray(0, 40), isOpened: true }],
      ['never synced, and empty', { syncedBefore: one!.first - 1, left: new Uint8Array(0), isOpened: true }],
      ['whole records without it', { syncedBefore: one!.first - 1, left: flipped(whole, 20), isOpened: false }],
      ['its first record synced', { syncedBefore: two!.first, left: whole.subarray(0, 40), isOpened: false }],
      ['the one before synced', { syncedBefore: one!.first, left: whole.subarray(0, 40), isOpened: false }],
    ]
    for (const [what, { syncedBefore, left, isOpened }] of cases) {
      const directory = join(scratch(t), 'wal')
      cpSync(written, directory, { recursive: true })
      truncateSync(join(directory, one!.name), 10)
      writeFileSync(join(directory, two!.name), left)
      const path = join(directory, after!.name)
      const rest = readFileSync(path).subarray(64)
      writeFileSync(path, Buffer.concat([encodeHeader({ ...header, syncedBefore }), rest]))
      const before = segments(directory)
      t.is(inspectJournal(directory).isDamaged, !isOpened, what)
      if (isOpened) {
        const again = await open(t, directory, { backend })
        const sequences = [...again.read()].map(({ sequence }) => sequence)
        t.deepEqual(sequences, [...range(1, one!.first), ...range(after!.first, 301)], what)
        t.is(again.recovered.tornBytes, 10 + left.length, what)
        t.false(
          inspectJournal(directory).segments.some(({ segment }) => segment === one!.name),
          what,
        )
        await again.close()
      } else {
        const error = await t.throwsAsync(Journal.open(directory, { backend }), { instanceOf: TickbusError }, what)
        t.is(error!.code, 'TICKBUS_JOURNAL_DAMAGED', what)
        t.deepEqual(segments(directory), before, what)
      }
    }
  })
}

test('repair of a sound journal changes nothing', async (t) => {
  const directory = scratch(t)
  const journal = await open(t, directory)
  appendAll(journal, range(0, 10))
  await journal.close()
  const before = segments(directory)
  t.deepEqual(repairJournal(directory).aside, [])
  t.deepEqual(segments(directory), before)
})

function corrupt(path: string, at: number): void {
  writeFileSync(path, flipped(readFileSync(path), at))
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes)
  changed[at] ^= 1
  return changed
}

/** Takes the last record away, whole. */
function cutRecord(path: string): void {
  const bytes = readFileSync(path)
  let [at, last] = [64, 64]
  while (at < bytes.length) [last, at] = [at, at + 25 + bytes.readUInt32LE(at)]
  truncateSync(path, last)
}
