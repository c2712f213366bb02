/** Disks that fail, wait or are full: below the process by a preloaded shim, and a small file system where one can be had. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { Journal } from 'tickbus'
import { codeOfRejection } from '../conformance/backends.js'
import { backends, message, open } from './journals.js'
import { play, shimmed } from './shim.js'

for (const backend of shimmed) {
  test(`synced is told only after the sync has returned [${backend}]`, async (t) => {
    t.deepEqual(await play(t, 'faulted.mjs', backend, 'hold'), { whileHeld: false, afterwards: true, recovered: 1 })
  })

  test(`a failed sync is told to everybody it concerns, for good, and the next segment goes on [${backend}]`, async (t) => {
    const seen = await play(t, 'faulted.mjs', backend, 'fail')
    const doubt = Array.from({ length: 3 }, () => 'TICKBUS_JOURNAL_SYNC')
    t.deepEqual([seen.failing, seen.failingLater], [doubt, doubt])
    t.deepEqual(seen.written, ['done', 'done', 'done'])
    t.deepEqual([seen.safe, seen.later], ['done', 'done'])
    t.true(seen.segments >= 2)
    t.is(seen.inDoubt, 3)
    t.is(seen.recovered, 5)
  })

  test(`a full disk becomes back-pressure, and what was accepted is written when there is room [${backend}]`, async (t) => {
    const seen = await play(t, 'faulted.mjs', backend, 'full')
    t.deepEqual([seen.full, seen.isRefused, seen.whileFull, seen.state, seen.again], [1, true, false, 'running', true])
    t.is(seen.recovered, seen.accepted + 3)
  })

  test(`closing on a full disk says what was not written [${backend}]`, async (t) => {
    const seen = await play(t, 'faulted.mjs', backend, 'close-full')
    t.deepEqual(seen, { lost: 'TICKBUS_JOURNAL_UNWRITTEN', closed: 'TICKBUS_JOURNAL_UNWRITTEN', recovered: 1 })
  })
}

const mount = join(tmpdir(), `tickbus-small-${process.pid}`)
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mounts()
if (!canMount) test.skip('a file system of one megabyte (this user cannot mount one)', () => {})
test.after.always(() => {
  if (canMount) execFileSync('umount', ['-l', mount])
  rmSync(mount, { recursive: true, force: true })
})

function mounts(): boolean {
  mkdirSync(mount)
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', mount]).status === 0
}

if (canMount) {
  for (const backend of backends) {
    test.serial(
      `a file system that fills up loses nothing, and goes on when a file is removed [${backend}]`,
      async (t) => {
        const ballast = join(mount, 'ballast')
        writeFileSync(ballast, new Uint8Array(700_000))
        const directory = join(mount, 'wal')
        const journal = await open(t, directory, { backend, segmentBytes: 65_536, queueBytes: 65_536 })
        let accepted = 0
        while (journal.state !== 'full') {
          if (journal.append(message(accepted, 1_000)) !== undefined) accepted += 1
          else await new Promise((resolve) => setImmediate(resolve))
        }
        rmSync(ballast)
        await journal.written(accepted)
        await journal.close()
        const again = await open(t, directory, { backend })
        t.is([...again.read()].length, accepted)
        await again.close()
        rmSync(directory, { recursive: true })
      },
    )

    test.serial(
      `a full file system is refused at opening, and so is one that may only be read [${backend}]`,
      async (t) => {
        const directory = join(mount, 'wal')
        const journal = await open(t, directory, { backend })
        journal.append(message(1))
        await journal.close()
        const ballast = join(mount, 'ballast')
        t.throws(() => writeFileSync(ballast, new Uint8Array(2_000_000)))
        t.is(await codeOfRejection(Journal.open(directory, { backend })), 'TICKBUS_JOURNAL_FULL')
        rmSync(ballast)
        execFileSync('mount', ['-o', 'remount,ro', mount])
        try {
          t.is(await codeOfRejection(Journal.open(directory, { backend })), 'TICKBUS_JOURNAL_READ_ONLY')
          t.is(await codeOfRejection(Journal.open(join(mount, 'new'), { backend })), 'TICKBUS_JOURNAL_READ_ONLY')
        } finally {
          execFileSync('mount', ['-o', 'remount,rw', mount])
        }
        const again = await open(t, directory, { backend })
        t.is([...again.read()].length, 1)
        await again.close()
        rmSync(directory, { recursive: true })
      },
    )
  }
}
