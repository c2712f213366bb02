import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { Journal, JournalCursor, type JournalMessage, TickbusError } from 'tickbus'
import { codeOf, codeOfRejection } from '../conformance/backends.js'
import { until } from '../until.js'
import {
  appendAll,
  backends,
  message,
  numberOf,
  open,
  range,
  scratch,
  segmentNames,
  segments,
  ticking,
} from './journals.js'

for (const backend of backends) {
  test(`an acknowledgement that finds no room is written once there is some [${backend}]`, async (t) => {
    const journal = await open(t, scratch(t), { backend, queueBytes: 65_536 })
    journal.addConsumer('c')
    const [sequence] = appendAll(journal, [1])
    await journal.written(sequence!)
    // It fills the queue, and nobody waits for it.
    appendAll(journal, [2], 60_000)
    const { appended } = journal.stats()
    journal.acknowledge('c', sequence!)
    await until(() => journal.stats().appended > appended, 'the record that says so')
    t.is(journal.acknowledged('c'), sequence!)
  })

  test(`what was appended is read back with every field [${backend}]`, async (t) => {
    const journal = await open(t, scratch(t), { backend, nowNs: ticking() })
    const full: Required<JournalMessage> = {
      topic: 'orders.Ä.1',
      payload: new Uint8Array([1, 2, 3]),
      encoding: 'messagepack',
      key: 'BTCUSDT·€',
      lane: 3,
      deadlineNs: 2n ** 64n - 1n,
      attempt: 65_535,
      id: new Uint8Array(16).map((_, place) => place),
      delivery: 'effectively-once',
      idempotencyKey: '𝄞',
    }
    const plain = { topic: 'a', payload: new Uint8Array(0) }
    t.deepEqual([journal.append(full), journal.append(plain)], [1, 2])
    await journal.written(2)
    const [first, second] = [...journal.read()]
    t.deepEqual({ ...first.message, payload: [...first.message.payload] }, { ...full, payload: [1, 2, 3] })
    t.deepEqual([first.sequence, first.timeNs], [1, 1_723_161_600_000_000_000n])
    const defaults = { encoding: 'bytes', lane: 1, attempt: 0, delivery: 'at-least-once' }
    t.deepEqual(second.message, { ...plain, ...defaults } as JournalMessage)
  })

  test(`reading begins at a sequence or a time, and goes on while more is written [${backend}]`, async (t) => {
    const journal = await open(t, scratch(t), { backend, segmentBytes: 4_096, nowNs: ticking() })
    appendAll(journal, range(0, 300))
    await journal.written(300)
    t.deepEqual(
      [...journal.read({ from: 250 })].map(({ sequence }) => sequence),
      range(250, 301),
    )
    const fromTimeNs = 1_723_161_600_000_000_000n + 200n
    const cursor = journal.read({ fromTimeNs })
    t.deepEqual(
      [...cursor].map(({ message: read }) => numberOf(read)),
      range(200, 300),
    )
    t.is(cursor.next(), undefined)
    appendAll(journal, range(300, 400))
    await journal.written(400)
    t.deepEqual(
      [...cursor].map(({ message: read }) => numberOf(read)),
      range(300, 400),
    )
  })

  test(`a message that is longer than a segment, or than a cursor's chunk, is no trouble [${backend}]`, async (t) => {
    const journal = await open(t, scratch(t), { backend, segmentBytes: 4_096 })
    const sizes = [10, 3_000_000, 4, 100_000, 8]
    const last = sizes.map((bytes) => journal.append(message(7, bytes))!).at(-1)!
    await journal.synced(last)
    t.deepEqual(
      [...journal.read()].map(({ message: { payload } }) => payload.length),
      sizes,
    )
  })

  test(`a restart yields what was not acknowledged, with its attempts, and goes on behind it [${backend}]`, async (t) => {
    const directory = scratch(t)
    const first = await open(t, directory, { backend })
    first.addConsumer('exec')
    first.addConsumer('audit')
    const sequences = appendAll(first, range(0, 10))
    for (const number of [0, 1, 2, 5, 7]) t.true(first.acknowledge('exec', sequences[number]))
    t.false(first.acknowledge('exec', sequences[5]), 'twice')
    t.true(first.attempted('exec', sequences[6], 3))
    first.attempted('exec', sequences[7], 1)
    await first.close()

    const second = await open(t, directory, { backend })
    const pending = [...second.pending('exec')]
    t.deepEqual(
      pending.map(({ message: kept, attempts }) => [numberOf(kept), attempts]),
      [
        [3, 0],
        [4, 0],
        [6, 3],
        [8, 0],
        [9, 0],
      ],
    )
    t.is(second.acknowledged('exec'), sequences[2])
    t.is([...second.pending('audit')].length, 10)
    t.is(second.append(message(10)), second.recovered.last + 1, 'a clean end leaves nothing out')
  })

  test(`without consumers nothing written is kept in memory, and the first consumer gets all there is [${backend}]`, async (t) => {
    const directory = scratch(t)
    const journal = await open(t, directory, { backend })
    for (let first = 0; first < 20_000; first += 1_000) {
      const sequences = appendAll(journal, range(first, first + 1_000))
      await journal.written(sequences.at(-1)!)
    }
    t.true(journal.stats().remembered < 8_192)
    const unwritten = appendAll(journal, [20_000])
    journal.addConsumer('late', { from: 'first' })
    t.is(journal.stats().remembered, 20_001)
    await journal.written(unwritten[0]!)
    t.deepEqual(
      [...journal.pending('late')].map(({ message: kept }) => numberOf(kept)),
      range(0, 20_001),
    )
    journal.removeConsumer('late')
    await journal.close()
    t.is((await open(t, directory, { backend })).stats().remembered, 0)
  })

  test(`acknowledged segments go, but for what is to be kept; the state of consumers stays [${backend}]`, async (t) => {
    const directory = scratch(t)
    const options = { backend, segmentBytes: 4_096, nowNs: ticking() }
    const journal = await open(t, directory, options)
    journal.addConsumer('exec')
    const sequences = appendAll(journal, range(0, 500))
    await journal.synced(sequences[499])
    const before = Object.keys(segments(directory)).length
    t.true(before > 5)
    await journal.retain()
    await journal.sync()
    t.is(Object.keys(segments(directory)).length, before, 'nothing was acknowledged')
    for (const sequence of sequences.slice(0, 400)) journal.acknowledge('exec', sequence)
    journal.acknowledge('exec', sequences[450])
    await journal.retain()
    await journal.close()
    t.true(Object.keys(segments(directory)).length < before - 3)

    const kept = await open(t, directory, { ...options, retainBytes: 2 ** 30 })
    t.is(kept.acknowledged('exec'), sequences[399])
    t.deepEqual(
      [...kept.pending('exec')].map(({ message: one }) => numberOf(one)),
      [...range(400, 450), ...range(451, 500)],
    )
    const count = Object.keys(segments(directory)).length
    for (const sequence of sequences.slice(400)) kept.acknowledge('exec', sequence)
    await kept.retain()
    await kept.close()
    t.true(Object.keys(segments(directory)).length >= count, 'retainBytes keeps them')
    const aged = await open(t, directory, { ...options, retainBytes: 2 ** 30, retainMs: 1_000 })
    await aged.retain()
    await aged.close()
    t.is(Object.keys(segments(directory)).length, 1, 'they are from 2024')
  })

  test(`what one consumer has acknowledged waits for another one whose beginning was removed [${backend}]`, async (t) => {
    const directory = scratch(t)
    const options = { backend, segmentBytes: 4_096, nowNs: ticking() }
    const journal = await open(t, directory, options)
    journal.addConsumer('exec')
    journal.addConsumer('audit')
    const sequences = appendAll(journal, range(0, 500))
    await journal.synced(sequences[499]!)
    for (const sequence of sequences) journal.acknowledge('exec', sequence)
    for (const sequence of sequences.slice(0, 300)) journal.acknowledge('audit', sequence)
    const before = Object.keys(segments(directory)).length
    await journal.retain()
    await journal.close()
    t.true(Object.keys(segments(directory)).length < before)
    const again = await open(t, directory, options)
    t.deepEqual(
      [...again.pending('audit')].map(({ message: one }) => numberOf(one)),
      range(300, 500),
    )
    t.deepEqual([...again.pending('exec')], [])
  })

  test(`a removed consumer holds nothing back, and stays removed [${backend}]`, async (t) => {
    const directory = scratch(t)
    const journal = await open(t, directory, { backend })
    journal.addConsumer('one')
    journal.addConsumer('two')
    appendAll(journal, range(0, 3))
    journal.removeConsumer('one')
    await journal.close()
    t.deepEqual((await open(t, directory, { backend })).consumers, ['two'])
  })

  test(`a consumer may begin with what all others had, move on at one go, and its files stay [${backend}]`, async (t) => {
    const directory = scratch(t)
    const options = { backend, segmentBytes: 4_096 }
    let journal = await open(t, directory, options)
    journal.addConsumer('exec')
    const sequences = appendAll(journal, range(0, 300))
    for (const sequence of sequences) journal.acknowledge('exec', sequence)
    await journal.sync()
    const all = segmentNames(directory).length
    const left = (): number[] => [...journal.pending('late')].map(({ message: one }) => numberOf(one))
    journal.addConsumer('late', { from: sequences[100]! })
    t.deepEqual(left(), range(100, 300))
    t.true(journal.acknowledge('exec', appendAll(journal, [300])[0]!))
    t.true(journal.acknowledgeThrough('late', sequences[149]!))
    t.false(journal.acknowledgeThrough('late', sequences[120]!))
    t.false(journal.acknowledge('late', sequences[140]!))
    await journal.retain()
    await until(() => segmentNames(directory).length < all, 'what nobody wants to go')
    t.deepEqual(left(), range(150, 301))
    await journal.close()

    journal = await open(t, directory, options)
    t.deepEqual(left(), range(150, 301))
    t.is(journal.acknowledged('late'), sequences[149])
    for (const from of [0, 1.5, 10_000]) {
      t.is(
        codeOf(() => journal.addConsumer('none', { from })),
        'TICKBUS_ARGUMENT',
      )
    }
    t.is(
      codeOf(() => journal.acknowledgeThrough('late', 10_000)),
      'TICKBUS_ARGUMENT',
    )
    t.is(
      codeOf(() => journal.acknowledgeThrough('none', 1)),
      'TICKBUS_ARGUMENT',
    )
  })

  test(`what does not fit the queue is refused, and fits again later [${backend}]`, async (t) => {
    const journal = await open(t, scratch(t), { backend, queueBytes: 65_536 })
    const sequences = range(0, 100).map((number) => journal.append(message(number, 1_000)))
    const accepted = sequences.filter((sequence) => sequence !== undefined)
    t.true(accepted.length > 50 && accepted.length < 100)
    t.is(journal.stats().refused, 100 - accepted.length)
    await journal.ready()
    t.is(journal.append(message(100, 1_000)), accepted.length + 1, 'a refused message takes no sequence')
    await journal.close()
    const again = await open(t, journal.directory, { backend })
    t.is([...again.read()].length, accepted.length + 1)
  })

  test(`after close everything is refused, and the directory is free [${backend}]`, async (t) => {
    const directory = scratch(t)
    const journal = await open(t, directory, { backend })
    const sequence = journal.append(message(1))!
    const receipt = journal.synced(sequence)
    await Promise.all([journal.close(), journal.close(), receipt])
    t.is(journal.state, 'closed')
    t.is(
      codeOf(() => journal.append(message(2))),
      'TICKBUS_JOURNAL_CLOSED',
    )
    t.is(await codeOfRejection(journal.retain()), 'TICKBUS_JOURNAL_CLOSED')
    t.false(readdirSync(directory).includes('lock'))
    await (await Journal.open(directory, { backend })).close()
  })

  test(`a directory has one writer; a lock whose process is gone is none [${backend}]`, async (t) => {
    const directory = scratch(t)
    const journal = await open(t, directory, { backend })
    t.is(await codeOfRejection(Journal.open(directory, { backend })), 'TICKBUS_JOURNAL_LOCKED')
    const lock = readFileSync(join(directory, 'lock'), 'utf8')
    await journal.close()
    const { pid, started } = JSON.parse(lock)
    for (const stale of [JSON.stringify({ pid, started: started + 1 }), '{"pid":2147483646,"started":1}', 'rubbish']) {
      writeFileSync(join(directory, 'lock'), stale)
      await (await Journal.open(directory, { backend })).close()
    }
    writeFileSync(join(directory, 'lock'), lock)
    const error = await t.throwsAsync(Journal.open(directory, { backend }), { instanceOf: TickbusError })
    t.true(error!.message.includes(String(process.pid)))
    t.deepEqual(
      readdirSync(directory).filter((name) => name.startsWith('lock.')),
      [],
      'nothing is left about',
    )
  })

  test(`a missing folder, a file, and a later version are refused, each by its code [${backend}]`, async (t) => {
    const directory = scratch(t)
    t.is(await codeOfRejection(Journal.open(join(directory, 'a', 'b'), { backend })), 'TICKBUS_JOURNAL_MISSING')
    writeFileSync(join(directory, 'file'), '')
    t.is(await codeOfRejection(Journal.open(join(directory, 'file'), { backend })), 'TICKBUS_JOURNAL_IO')
    const inner = join(directory, 'wal')
    const journal = await open(t, inner, { backend })
    appendAll(journal, range(0, 3))
    await journal.close()
    const [name] = Object.keys(segments(inner))
    const bytes = readFileSync(join(inner, name))
    bytes[8] = 2
    writeFileSync(join(inner, name), bytes)
    const error = await t.throwsAsync(Journal.open(inner, { backend }), { instanceOf: TickbusError })
    t.like(error, { code: 'TICKBUS_JOURNAL_VERSION', details: { segment: name, version: 2 } })
    t.false(readdirSync(inner).includes('lock'), 'nothing is half open')
  })

  test(`bad arguments are refused before anything happened [${backend}]`, async (t) => {
    const journal = await open(t, scratch(t), { backend })
    const payload = new Uint8Array(1)
    const bad: unknown[] = [
      { topic: '', payload },
      { topic: 'é'.repeat(128), payload },
      { topic: 'a', payload: 'text' },
      { topic: 'a', payload: new Uint8Array(2 ** 24) },
      { topic: 'a', payload, lane: 16 },
      { topic: 'a', payload, attempt: -1 },
      { topic: 'a', payload, deadlineNs: 1 },
      { topic: 'a', payload, id: new Uint8Array(15) },
      { topic: 'a', payload, delivery: 'exactly-once' },
      { topic: 'a', payload, encoding: 'xml' },
      { topic: 'a', payload, key: 'k'.repeat(65_536) },
    ]
    for (const one of bad)
      t.is(
        codeOf(() => journal.append(one as JournalMessage)),
        'TICKBUS_ARGUMENT',
      )
    t.is(
      codeOf(() => journal.acknowledge('nobody', 1)),
      'TICKBUS_ARGUMENT',
    )
    t.is(await codeOfRejection(journal.synced(1)), 'TICKBUS_ARGUMENT')
    t.is(journal.append({ topic: 'a', payload }), 1)
    for (const options of [{ sync: 'never' }, { queueBytes: 1 }, { segmentBytes: NaN }, { retainMs: -1 }]) {
      t.is(await codeOfRejection(Journal.open(scratch(t), { backend, ...(options as object) })), 'TICKBUS_ARGUMENT')
    }
  })

  for (const sync of ['always', 'interval', 'os'] as const) {
    test(`synced is told under policy ${sync} [${backend}]`, async (t) => {
      const journal = await open(t, scratch(t), { backend, sync, syncIntervalMs: 1 })
      const sequences = appendAll(journal, range(0, 200))
      await Promise.all(sequences.toReversed().map((sequence) => journal.synced(sequence)))
      const { synced, syncs } = journal.stats()
      t.true(synced >= 200 && syncs >= 1)
    })
  }
}

if (backends.length === 2) {
  test('both backends write the same bytes and read what the other wrote', async (t) => {
    const files: Record<string, string>[] = []
    for (const backend of backends) {
      const directory = scratch(t)
      const journal = await open(t, directory, { backend, segmentBytes: 4_096, nowNs: ticking() })
      journal.addConsumer('exec')
      const sequences = appendAll(journal, range(0, 300), 33)
      for (const sequence of sequences.filter((_, place) => place % 3 === 0)) journal.acknowledge('exec', sequence)
      journal.attempted('exec', sequences[1], 2)
      await journal.close()
      files.push({ ...segments(directory), mark: readFileSync(join(directory, 'synced')).toString('hex') })
      const other = await open(t, directory, { backend: backends.find((one) => one !== backend)! })
      t.is([...other.read()].length, 300)
      t.is([...other.pending('exec')].length, 200)
      t.is(other.stats().consumers.exec, 2)
    }
    t.deepEqual(files[0], files[1])
    t.true(Object.keys(files[0]).length > 5)
  })
}

test('a cursor of another process reads along without the lock', async (t) => {
  const directory = scratch(t)
  const journal = await open(t, directory)
  const cursor = JournalCursor.open(directory)
  t.is(cursor.next(), undefined)
  appendAll(journal, range(0, 5))
  await journal.written(5)
  t.deepEqual(
    [...cursor].map(({ message: one }) => numberOf(one)),
    range(0, 5),
  )
  t.is(
    codeOf(() => JournalCursor.open(join(directory, 'nowhere')).next()),
    'TICKBUS_JOURNAL_MISSING',
  )
})

test('a directory that may not be written to is refused', async (t) => {
  if (process.getuid?.() === 0) {
    t.log('left out: root may write everywhere; the spec of full disks has a read-only file system')
    t.pass()
    return
  }
  const directory = join(scratch(t), 'wal')
  mkdirSync(directory)
  chmodSync(directory, 0o555)
  t.is(await codeOfRejection(Journal.open(directory)), 'TICKBUS_JOURNAL_READ_ONLY')
})
