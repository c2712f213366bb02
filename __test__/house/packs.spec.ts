import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import test from 'ava'
import { TickbusError } from 'tickbus'
import * as errors from '../../dist/errors.js'
import { root } from './checkout.js'

const dist = join(root, 'dist')

/** The files of dist/ that are loaded with one of them, itself included, and the packages that they import. */
function loads(entry: string): { files: string[]; packages: string[] } {
  const files = new Set([join(dist, entry)])
  const packages = new Set<string>()
  for (const file of files) {
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?:.* from )?'([^']+)';$/gm)) {
      if (name!.startsWith('.')) files.add(join(dirname(file), name!))
      else if (!name!.startsWith('node:')) packages.add(name!)
    }
  }
  const names = [...files].map((file) => relative(dist, file).replaceAll('\\', '/'))
  return { files: names.sort(), packages: [...packages] }
}

test('the thread of a group loads its pack, and nothing of markets, journals and configuration', (t) => {
  t.deepEqual(loads('client/threads/entry.js'), {
    files: ['client/threads/entry.js', 'errors.js', 'packs/thread.js', 'workers/spawned-ticket.js'],
    packages: ['msgpackr'],
  })
  const thread = readFileSync(join(dist, 'packs/thread.js'), 'utf8')
  t.regex(thread, /^class GroupThread /m)
  t.notRegex(thread, /^class (Journal|BufferedMessageBusClient|OrderBook) /m)
})

test('a module of a thread that imports tickbus loads one pack more', (t) => {
  const { files, packages } = loads('index.js')
  t.deepEqual(files, ['errors.js', 'index.js', 'packs/thread.js', 'packs/tickbus.js', 'workers/spawned-ticket.js'])
  t.deepEqual(packages, ['msgpackr'])
})

test('what starts a thread that is spawned loads nothing but itself', (t) => {
  t.deepEqual(loads('workers/entry.js'), { files: ['workers/entry.js', 'workers/spawned-ticket.js'], packages: [] })
})

test('a class is the same whichever way it is imported', (t) => {
  t.is(errors.TickbusError, TickbusError)
})

test('no class has another name in a pack', (t) => {
  for (const pack of ['thread', 'tickbus', 'config', 'replay-worker', 'market', 'intelligence', 'testing', 'cli']) {
    t.notRegex(readFileSync(join(dist, `packs/${pack}.js`), 'utf8'), /^class \w+\$\d/m, pack)
  }
})
