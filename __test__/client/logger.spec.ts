import test from 'ava'
import { checkLogger, createLogger, silent } from '../../dist/client/logger.js'

/** A logger, and what it wrote. */
function logging(level: Parameters<typeof createLogger>[0]) {
  const lines: string[] = []
  const logger = createLogger(level, (line) => lines.push(line))
  return { logger, lines, entries: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

test('a line is one line of JSON with pino’s number, a time, the process and the message', (t) => {
  const { logger, lines, entries } = logging('trace')
  const before = Date.now()
  logger.warn('first\nsecond')
  t.regex(lines[0]!, /^[^\n]+\n$/)
  const { level, time, pid, msg } = entries()[0]!
  t.deepEqual([level, pid, msg], [40, process.pid, 'first\nsecond'])
  t.true((time as number) >= before && (time as number) <= Date.now())
})

test('details come before the message, and need none', (t) => {
  const { logger, entries } = logging('info')
  logger.info({ group: 'exec', queued: 3 }, 'opened')
  logger.info({ group: 'exec' })
  t.like(entries()[0], { group: 'exec', queued: 3, msg: 'opened' })
  t.false('msg' in entries()[1]!)
})

test('only what is urgent enough is written', (t) => {
  const { logger, entries } = logging('error')
  for (const method of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) logger[method](method)
  t.deepEqual(
    entries().map(({ msg, level }) => [msg, level]),
    [
      ['error', 50],
      ['fatal', 60],
    ],
  )
})

test('a silent logger, and its children, write nothing', (t) => {
  const { logger, lines } = logging('silent')
  logger.fatal('x')
  logger.child({ a: 1 }).fatal('x')
  silent.fatal('x')
  t.deepEqual(lines, [])
})

test('a child adds its bindings to each line, and theirs to its own children', (t) => {
  const { logger, entries } = logging('info')
  logger.child({ group: 'exec' }).child({ lane: 'low' }).info({ queued: 1 }, 'full')
  t.like(entries()[0], { group: 'exec', lane: 'low', queued: 1, msg: 'full' })
})

test('errors are written with stack, code and cause, wherever they stand', (t) => {
  const { logger, entries } = logging('info')
  const error = Object.assign(new TypeError('bad', { cause: new Error('worse') }), { code: 'X' })
  logger.error(error, 'failed')
  logger.error({ reason: error })
  for (const written of [entries()[0]!['err'], entries()[1]!['reason']]) {
    t.like(written, { type: 'TypeError', message: 'bad', code: 'X', cause: { message: 'worse' } })
    t.regex((written as { stack: string }).stack, /logger\.spec/)
  }
})

test('what JSON cannot say does not lose the message, nor throw', (t) => {
  const { logger, entries } = logging('info')
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  logger.info({ cycle, n: 5n }, 'round')
  logger.info({ n: 5n }, 'big')
  t.like(entries()[0], { msg: 'round', level: 30 })
  t.regex(entries()[0]!['unprintable'] as string, /circular/i)
  t.like(entries()[1], { msg: 'big', n: '5' })
})

test('a logger of one’s own has all the methods, or is refused', (t) => {
  t.is(checkLogger(silent), silent)
  t.is(checkLogger(Object.assign(Object.create(console), { fatal() {}, child() {} })) !== undefined, true)
  for (const logger of [null, undefined, {}, console, { ...silent, child: undefined }]) {
    t.throws(() => checkLogger(logger), { code: 'TICKBUS_ARGUMENT' })
  }
})
