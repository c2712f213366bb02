import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { run } from '../cli/command.js'
import { bundled, wholeRecordings as full } from './samples.js'

const script = fileURLToPath(new URL('../../scripts/sample-recordings.mjs', import.meta.url))

const check = full.length > 0 ? test : test.skip
const suffix = full.length > 0 ? '' : ' (they are not on this machine)'
check(`the bundled recordings are the first 30 seconds of the full ones${suffix}`, async (t) => {
  const { code, stdout } = await run([script, dirname(full[0]!), '--check'])
  t.is(code, 0, stdout)
  t.is(stdout.match(/: same/g)?.length, 6)
})

test('the bundled recordings were packed without a date or a machine in them', (t) => {
  for (const file of bundled) t.is(readFileSync(file).subarray(0, 10).toString('hex'), '1f8b08000000000002ff')
})

test('the sampling script without a folder says how it is used', async (t) => {
  const { code, stderr } = await run([script])
  t.is(code, 2)
  t.regex(stderr, /^usage: node scripts\/sample-recordings\.mjs FOLDER/)
})
