/** The writer removes files when it comes to that: what was listed may be gone, and nobody who looks may fail of it. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { JournalCursor } from 'tickbus'
import { startAt } from '../../dist/delivery/journal/cursor.js'
import { removableBelow } from '../../dist/delivery/journal/retention.js'
import { nodeSystem } from '../../dist/system.js'
import { appendAll, backends, numberOf, open, range, scratch, segmentNames, ticking } from './journals.js'

for (const backend of backends) {
  test(`segments that go while they are looked at are passed over [${backend}]`, async (t) => {
    const directory = scratch(t)
    const journal = await open(t, directory, { backend, segmentBytes: 4_096, nowNs: ticking() })
    const sequences = appendAll(journal, range(0, 300))
    await journal.close()
    const [first, second, third] = segmentNames(directory)
      .sort()
      .map((name) => Number.parseInt(name, 10))
    t.is(first, 1)
    const listed = nodeSystem.files.readdirSync(directory)
    nodeSystem.files.rmSync(`${directory}/${listed.find((name) => Number.parseInt(name, 10) === first)!}`)
    const files = { ...nodeSystem.files, readdirSync: () => listed }

    const all = { retainBytes: 0, retainMs: 0 }
    t.is(removableBelow(directory, { removed: second!, wanted: third! }, all, 2n ** 62n, files), third)
    t.is(removableBelow(directory, { removed: third!, wanted: third! }, all, 2n ** 62n, files), 0)
    t.is(startAt(directory, 1n, files), 1, 'before all that is left')
    t.true(startAt(directory, 2n ** 62n, files) > sequences[200]!)
  })

  test(`a reader whose segment is removed goes on with the oldest that is there [${backend}]`, async (t) => {
    const directory = scratch(t)
    const journal = await open(t, directory, { backend, segmentBytes: 2 ** 21, nowNs: ticking() })
    // Several times what is read at once.
    appendAll(journal, range(0, 4_000), 2_000)
    await journal.close()
    const names = segmentNames(directory).sort()
    const firstOf = (place: number): number => Number.parseInt(names[place]!, 10) - 1

    const cursor = JournalCursor.open(directory, { backend })
    t.is(numberOf(cursor.next()!.message), 0)
    for (const name of names.slice(0, 2)) rmSync(join(directory, name))
    const seen = [...cursor].map(({ message }) => numberOf(message))
    t.deepEqual(seen.slice(-3), [3_997, 3_998, 3_999])
    const rest = range(firstOf(2), 4_000)
    t.deepEqual(seen.slice(-rest.length), rest)
    t.deepEqual(seen.slice(0, -rest.length), range(1, seen.length - rest.length + 1), 'what it had at hand')
    t.deepEqual([...cursor], [])
  })
}
