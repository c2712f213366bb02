/** One part of a program asks another in the same thread and awaits the answer. */
import { EventEmitter } from 'node:events'
import { type Backend, MessageBus } from 'tickbus'
import type { Open, Round } from '../question.js'

export interface Requests {
  requests: number
  /** How many are asked before the first answer is awaited. */
  atOnce: number
}

interface Order {
  quantity: number
  sequence: number
}

interface Verdict {
  sequence: number
  isAllowed: boolean
}

type Ask = (order: Order) => Promise<Verdict>

/** Connects the answering side, and returns how to ask it. */
type Connect = (check: (order: Order) => Verdict) => Ask

const LIMIT = 100
const TIMEOUT_MS = 5_000

export function requesting(connect: Connect): Open<Requests> {
  return async ({ requests, atOnce }, quick) => {
    let asked = 0
    const ask = connect(({ quantity, sequence }) => {
      asked += 1
      return { sequence, isAllowed: quantity < LIMIT }
    })
    const count = quick ? requests / 50 : requests
    return {
      async round(): Promise<Round> {
        asked = 0
        let received = 0
        const start = performance.now()
        for (let first = 0; first < count; first += atOnce) {
          const answers: Promise<Verdict>[] = []
          for (let sequence = first; sequence < first + atOnce; sequence++) answers.push(ask(orderOf(sequence)))
          for (const answer of answers) received = mix(received, await answer)
        }
        const figures = { request: ((performance.now() - start) * 1e6) / count }
        return { figures, published: count, delivered: asked, sentChecksum: dueOf(count), receivedChecksum: received }
      },
      close: async () => {},
    }
  }
}

const orderOf = (sequence: number): Order => ({ quantity: sequence % (2 * LIMIT), sequence })

function mix(sum: number, { sequence, isAllowed }: Verdict): number {
  return (Math.imul(sum, 31) + 2 * sequence + Number(isAllowed)) | 0
}

function dueOf(count: number): number {
  let due = 0
  for (let sequence = 0; sequence < count; sequence++) {
    due = mix(due, { sequence, isAllowed: sequence % (2 * LIMIT) < LIMIT })
  }
  return due
}

export function onBus(backend: Backend): Connect {
  return (check) => {
    const bus = new MessageBus({ backend })
    bus.register('RiskEngine.check', check)
    return (order) => bus.request('RiskEngine.check', order, { timeoutMs: TIMEOUT_MS })
  }
}

interface Envelope<Content> {
  id: number
  content: Content
}

/** Two events and a table of those who wait. */
export const byHand: Connect = (check) => {
  const emitter = new EventEmitter()
  const waiting = new Map<number, (verdict: Verdict) => void>()
  emitter.on('check', ({ id, content }: Envelope<Order>) => emitter.emit('checked', { id, content: check(content) }))
  emitter.on('checked', ({ id, content }: Envelope<Verdict>) => {
    waiting.get(id)?.(content)
    waiting.delete(id)
  })
  let last = 0
  return (content) =>
    new Promise((resolve) => {
      const id = ++last
      waiting.set(id, resolve)
      emitter.emit('check', { id, content })
    })
}

/** The same with a time limit, which a request on the bus always has. */
export const byHandInTime: Connect = (check) => {
  const ask = byHand(check)
  return (order) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('no answer in time')), TIMEOUT_MS)
      void ask(order).then((verdict) => {
        clearTimeout(late)
        resolve(verdict)
      })
    })
}
