import { fc } from '@fast-check/ava'
import type { Handler } from 'tickbus'
import type { Subject } from './model.js'

const TOPICS = ['a', 'ab', 'a.b', 'a..b', 'data.quotes.X', 'data.trades.X', 'data.é', 'é.b', '日本.円']
const PATTERNS = [
  '*',
  'a',
  'a*',
  '*b',
  'a?b',
  'a.*',
  '*.*',
  'data.*',
  'data.*.X',
  'data.q*',
  '*.X',
  '*qu*',
  '??.b',
  'none',
  '日?*',
]
const NAMES = ['one', 'two']
const HANDLERS = 6
/** Handlers act only so deep inside each other, or two that publish for each other would never end. */
const DEEPEST = 3

const topic = fc.constantFrom(...TOPICS)
const pattern = fc.constantFrom(...PATTERNS)
const handler = fc.nat(HANDLERS - 1)
const name = fc.constantFrom(...NAMES)

const subscribing = fc.record({
  do: fc.constantFrom('subscribe' as const, 'once' as const),
  pattern,
  handler,
  priority: fc.integer({ min: -1, max: 1 }),
})
const unsubscribing = fc.record({ do: fc.constant('unsubscribe' as const), pattern, handler })
const publishing = fc.record({ do: fc.constant('publish' as const), topic })
const looking = fc.record({ do: fc.constant('look' as const), text: fc.oneof(topic, pattern) })
const calling = fc.record({
  do: fc.constantFrom('register' as const, 'deregister' as const, 'send' as const, 'request' as const),
  name,
  handler,
})

const operation = fc.oneof({ weight: 3, arbitrary: publishing }, subscribing, unsubscribing, looking, calling)
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

/** What is done, and what each handler does when it is called: further operations, then perhaps a throw. */
export const log = fc.record({
  operations: fc.array(operation, { minLength: 10, maxLength: 60, size: 'max' }),
  inside: fc.array(fc.record({ does: fc.array(operation, { maxLength: 2 }), throws: fc.boolean() }), {
    minLength: HANDLERS,
    maxLength: HANDLERS,
  }),
})
export type Log = typeof log extends fc.Arbitrary<infer T> ? T : never

/** Plays a log and returns what happened, line by line. */
export async function play(subject: Subject, { operations, inside }: Log): Promise<string[]> {
  const trace: string[] = []
  const replies: Promise<string>[] = []
  let depth = 0
  let messages = 0
  const handlers = inside.map(({ does, throws }, i): Handler<number> => (message, on) => {
    trace.push(`${i} got ${message} on ${on ?? 'an endpoint'}`)
    depth += 1
    if (depth <= DEEPEST) does.forEach(perform)
    depth -= 1
    if (throws) throw new Error(`of ${i}`)
    return message * 2
  })

  function perform(step: Operation): void {
    try {
      trace.push(`${step.do} ${outcome(step)}`)
    } catch (error) {
      trace.push(`${step.do} threw ${describe(error)}`)
    }
  }

  function outcome(step: Operation): unknown {
    const act = 'handler' in step ? handlers[step.handler]! : undefined
    if (step.do === 'subscribe' || step.do === 'once') return void subject[step.do](step.pattern, act!, step)
    if (step.do === 'unsubscribe') return subject.unsubscribe(step.pattern, act!)
    if (step.do === 'look') return subject.hasSubscribers(step.text)
    messages += 1
    if (step.do === 'publish') return subject.publish(step.topic, messages)
    if (step.do === 'register') return void subject.register(step.name, act as never)
    if (step.do === 'deregister') return subject.deregister(step.name)
    if (step.do === 'send') return subject.trySend(step.name, messages)
    return void replies.push(subject.request((step as { name: string }).name, messages).then(String, describe))
  }

  operations.forEach(perform)
  return [...trace, ...(await Promise.all(replies))]
}

function describe(error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  return code ?? message
}
