import { fileURLToPath } from 'node:url'
import test from 'ava'
import { run } from './command.js'

const example = (name: string) => run([fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))])

test('one-thread.mjs shows patterns, priorities and handles', async (t) => {
  const { code, stdout } = await example('one-thread.mjs')
  t.is(code, 0)
  t.is(stdout, 'audited first\norders.BTCUSDT: BUY 2\naudited first\norders.ETHUSDT: SELL 5\n')
})

test('two-threads.mjs sends a hundred thousand quotes to a worker and hears back', async (t) => {
  const { code, stdout } = await example('two-threads.mjs')
  t.is(code, 0)
  t.is(stdout, '100000 quotes crossed, the widest spread was 3\n')
})
