// The error event, its monitor, and rejections, as the documentation of node:events (v20) describes them.
import { EventEmitter, once } from 'node:events'
import type { ExecutionContext } from 'ava'
import { run } from '../cli/command.js'
import { onBoth, turn } from './emitters.js'

onBoth('an error event without a listener throws the error itself', (t, Emitter) => {
  const fault = new Error('whoops!')
  t.is(
    t.throws(() => new Emitter().emit('error', fault)),
    fault,
  )
})

onBoth('an error event that carries no Error throws one that tells what it carried', (t, Emitter) => {
  const detail = { reason: 42 }
  const fault = t.throws(() => new Emitter().emit('error', detail), { code: 'ERR_UNHANDLED_ERROR' })
  t.is((fault as unknown as { context: unknown }).context, detail)
  t.regex(fault.message, /reason: 42/)
})

onBoth('an error event without arguments throws, too', (t, Emitter) => {
  t.throws(() => new Emitter().emit('error'), { code: 'ERR_UNHANDLED_ERROR', message: /undefined/ })
})

onBoth('an error event with a listener is an event like others', (t, Emitter) => {
  const emitter = new Emitter()
  const fault = new Error('whoops!')
  const seen: unknown[] = []
  emitter.on('error', (error) => seen.push(error))
  t.true(emitter.emit('error', fault))
  t.deepEqual(seen, [fault])
})

onBoth('an error event throws again once its listener is gone', (t, Emitter) => {
  const emitter = new Emitter()
  emitter.once('error', () => {})
  emitter.emit('error', new Error('heard'))
  t.throws(() => emitter.emit('error', new Error('unheard')), { message: 'unheard' })
})

onBoth('the error monitor sees an error before its listeners', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: unknown[] = []
  emitter.on('error', () => seen.push('listener'))
  emitter.on(Emitter.errorMonitor, (error: Error, more) => seen.push('monitor', error.message, more))
  emitter.emit('error', new Error('whoops!'), 1)
  t.deepEqual(seen, ['monitor', 'whoops!', 1, 'listener'])
})

onBoth('the error monitor does not keep an error from being thrown', (t, Emitter) => {
  const emitter = new Emitter()
  const seen: unknown[] = []
  emitter.on(Emitter.errorMonitor, (error: Error) => seen.push(error.message))
  t.throws(() => emitter.emit('error', new Error('whoops!')), { message: 'whoops!' })
  t.deepEqual(seen, ['whoops!'])
})

const rejects = async () => {
  throw new Error('kaboom')
}

onBoth('captureRejections makes an error event of a rejection, on a later tick', async (t, Emitter) => {
  const emitter = new Emitter({ captureRejections: true })
  const seen: string[] = []
  emitter.on('event', rejects)
  emitter.on('error', (error: Error) => seen.push(error.message))
  emitter.emit('event')
  t.deepEqual(seen, [])
  await turn()
  t.deepEqual(seen, ['kaboom'])
})

onBoth('captureRejections hands a rejection to the method nodejs.rejection, where there is one', async (t, Emitter) => {
  class Host extends Emitter {
    seen: unknown[] = [];
    [Symbol.for('nodejs.rejection')](error: Error, name: string, ...args: unknown[]) {
      this.seen.push(error.message, name, ...args)
    }
  }
  const emitter = new Host({ captureRejections: true })
  emitter.on('error', () => t.fail())
  emitter.on('event', rejects)
  emitter.emit('event', 1, 'two')
  await turn()
  t.deepEqual(emitter.seen, ['kaboom', 'event', 1, 'two'])
})

onBoth('captureRejections covers once listeners and anything with a then', async (t, Emitter) => {
  const emitter = new Emitter({ captureRejections: true })
  const seen: string[] = []
  emitter.on('error', (error: Error) => seen.push(error.message))
  emitter.once('event', rejects)
  // oxlint-disable-next-line unicorn/no-thenable -- the point of the test
  emitter.on('event', () => ({ then: (_: unknown, reject: (error: Error) => void) => reject(new Error('thenable')) }))
  emitter.emit('event')
  await turn()
  t.deepEqual(seen.sort(), ['kaboom', 'thenable'])
})

onBoth('captureRejections leaves a promise that resolves alone', async (t, Emitter) => {
  const emitter = new Emitter({ captureRejections: true })
  emitter.on('error', () => t.fail())
  emitter.on('event', async () => 'fine')
  t.true(emitter.emit('event'))
  await turn()
})

onBoth('captureRejections must be a boolean', (t, Emitter) => {
  t.throws(() => new Emitter({ captureRejections: 'yes' as never }), { code: 'ERR_INVALID_ARG_TYPE' })
  t.throws(() => (Emitter.captureRejections = 1 as never), { code: 'ERR_INVALID_ARG_TYPE' })
})

onBoth('the static captureRejections is the default of new emitters, off at first', async (t, Emitter) => {
  t.false(Emitter.captureRejections)
  Emitter.captureRejections = true
  const emitter = new Emitter()
  Emitter.captureRejections = false
  const seen: string[] = []
  emitter.on('error', (error: Error) => seen.push(error.message))
  emitter.on('event', rejects)
  emitter.emit('event')
  await turn()
  t.deepEqual(seen, ['kaboom'])
})

onBoth('the static captureRejections is one setting of the process', (t, Emitter) => {
  Emitter.captureRejections = true
  const seenByNode = EventEmitter.captureRejections
  Emitter.captureRejections = false
  t.true(seenByNode)
})

onBoth('captureRejectionSymbol is the registered symbol nodejs.rejection', (t, Emitter) => {
  t.is(Emitter.captureRejectionSymbol as symbol, Symbol.for('nodejs.rejection'))
})

async function endOf(t: ExecutionContext, Emitter: typeof EventEmitter, lines: string): Promise<string> {
  const from =
    Emitter === EventEmitter ? `{ EventEmitter } from 'node:events'` : `{ EventBus as EventEmitter } from 'tickbus'`
  const program = `import ${from}\n${lines}`
  const { code, stdout, stderr } = await run(['--input-type=module', '-e', program])
  t.is(code, 0, stderr)
  return stdout.trim()
}

onBoth('without captureRejections a rejection is unhandled', async (t, Emitter) => {
  const said = await endOf(
    t,
    Emitter,
    `process.on('unhandledRejection', (error) => console.log('unhandled', error.message))
    const emitter = new EventEmitter()
    emitter.on('error', () => console.log('error'))
    emitter.on('event', async () => { throw new Error('kaboom') })
    emitter.emit('event')`,
  )
  t.is(said, 'unhandled kaboom')
})

onBoth('a rejection of a listener of error is not captured again', async (t, Emitter) => {
  const said = await endOf(
    t,
    Emitter,
    `process.on('unhandledRejection', (error) => console.log('unhandled', error.message))
    const emitter = new EventEmitter({ captureRejections: true })
    emitter.on('error', async (error) => { throw new Error('again: ' + error.message) })
    emitter.on('event', async () => { throw new Error('kaboom') })
    emitter.emit('event')`,
  )
  t.is(said, 'unhandled again: kaboom')
})

onBoth('a captured rejection without a listener of error is an uncaught exception', async (t, Emitter) => {
  const said = await endOf(
    t,
    Emitter,
    `process.on('uncaughtException', (error) => console.log('uncaught', error.message))
    const emitter = new EventEmitter({ captureRejections: true })
    emitter.on('event', async () => { throw new Error('kaboom') })
    emitter.emit('event')`,
  )
  t.is(said, 'uncaught kaboom')
})

onBoth('an error event nobody listens to ends the process', async (t, Emitter) => {
  const from =
    Emitter === EventEmitter ? `{ EventEmitter } from 'node:events'` : `{ EventBus as EventEmitter } from 'tickbus'`
  const program = `import ${from}\nnew EventEmitter().emit('error', new Error('whoops!'))`
  const { code, stderr } = await run(['--input-type=module', '-e', program])
  t.is(code, 1)
  t.regex(stderr, /Error: whoops!/)
})

onBoth('events.once of another event rejects with the error', async (t, Emitter) => {
  const emitter = new Emitter()
  const fault = new Error('kaboom')
  const promise = once(emitter, 'event')
  emitter.emit('error', fault)
  t.is(await t.throwsAsync(promise), fault)
})
