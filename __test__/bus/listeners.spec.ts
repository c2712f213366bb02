import test from 'ava'
import { run } from '../cli/command.js'

const listening = `
import { Listeners } from ${JSON.stringify(new URL('../../dist/bus/listeners.js', import.meta.url).href)}
const listeners = new Listeners()
const heard = []
process.on('uncaughtException', ({ message }) => heard.push(message))
listeners.on('tick', () => { throw new Error('thrown') })
listeners.on('tick', (detail) => heard.push(detail))
const isHeard = [listeners.emit('tick', 'later one'), listeners.emit('tock', 'nobody')]
heard.push('who emits')
setImmediate(() => console.log(JSON.stringify({ heard, isHeard })))
`

test('a listener that throws is an uncaught exception, and stops neither the others nor who emits', async (t) => {
  const { stdout, stderr } = await run(['--input-type=module', '-e', listening])
  t.deepEqual(JSON.parse(stdout), { heard: ['later one', 'who emits', 'thrown'], isHeard: [true, false] }, stderr)
})
