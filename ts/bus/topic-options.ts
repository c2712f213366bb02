import { show } from '../errors.js'
import { Priority } from './priority.js'

/** What a topic may ask for, whatever its messages are. */
export interface TopicOptions<T = unknown> {
  /**
   * What happens when a thread reads slower than it is sent to. `drop`: its oldest records are overwritten and counted
   * as lost. `wait`: a bounded queue on the publishing side takes up the slack; what does not fit is counted as dropped.
   * A publish never blocks. @default 'drop'
   */
  slowReader?: 'drop' | 'wait'
  /** `last`: the topic's last message is kept for who subscribes later. @default nothing is kept */
  replay?: 'last'
  /** How often a consumer group gets a message. @default 'at-most-once' */
  delivery?: 'at-most-once' | 'at-least-once' | 'effectively-once'
  /**
   * How safe a message is before anybody gets it, where the client keeps a journal: queued to be written, handed to the system
   * (it survives the end of the process), or on disk (it survives a power cut). Only for topics that may not lose messages.
   * @default 'written'
   */
  dispatchAfter?: 'memory' | 'written' | 'synced'
  /** The lane for messages that name none. @default Priority.NORMAL */
  priority?: Priority
  /** What a message is about: messages with one key keep their order. Stays in the thread that names it. */
  key?(message: T): string
  /**
   * What makes two messages of an effectively-once topic the same, so that one of them is handled. Stays in the thread that
   * names it. @default the message's id
   */
  idempotencyKey?(message: T): string
}

/** The options that travel to other threads: all but the functions. */
export type OptionData = Omit<TopicOptions, 'key' | 'idempotencyKey'>

/** Says what is wrong with the options; undefined if nothing is. */
export function optionFault(options: unknown): string | undefined {
  if (typeof options !== 'object' || options === null) return `its options are an object, got ${show(options)}`
  const unknownName = Object.keys(options).find((name) => !FUNCTIONS.includes(name) && !CHOICES.has(name))
  if (unknownName !== undefined) return `it has an unknown option ${show(unknownName)}`
  for (const [name, choices] of CHOICES) {
    const value: unknown = options[name as keyof typeof options]
    if (value !== undefined && !choices.includes(value)) {
      return `${name} is ${choices.map(show).join(' or ')}, got ${show(value)}`
    }
  }
  const { delivery, dispatchAfter } = options as TopicOptions
  if (dispatchAfter !== undefined && !isDurable(delivery)) {
    return 'dispatchAfter is for topics with delivery "at-least-once" or "effectively-once"'
  }
  for (const name of FUNCTIONS) {
    const value = (options as Record<string, unknown>)[name]
    if (value !== undefined && typeof value !== 'function') return `${name} is a function, got ${show(value)}`
  }
  return undefined
}

/** The same options in one order, so that equal ones read the same as JSON. */
export function optionData(options: TopicOptions): OptionData {
  const given = [...CHOICES.keys()].map((name) => [name, options[name as keyof TopicOptions]])
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as OptionData
}

/** Whether a delivery class forbids to lose messages. */
export function isDurable(delivery: string | undefined): boolean {
  return delivery === 'at-least-once' || delivery === 'effectively-once'
}

const FUNCTIONS: readonly string[] = ['key', 'idempotencyKey']
const CHOICES: ReadonlyMap<string, readonly unknown[]> = new Map<string, readonly unknown[]>([
  ['slowReader', ['drop', 'wait']],
  ['replay', ['last']],
  ['delivery', ['at-most-once', 'at-least-once', 'effectively-once']],
  ['dispatchAfter', ['memory', 'written', 'synced']],
  ['priority', Object.values(Priority)],
])
