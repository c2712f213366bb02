import { EventEmitter } from 'node:events'
import { show, TickbusError } from '../errors.js'
import { checkPattern } from './name.js'
import { type PatternListener, PatternListeners } from './pattern-listeners.js'
import { isThenable } from './thenable.js'

/** The names of an emitter's events, each with the arguments that it carries: `{ tick: [price: number] }`. */
type EventMap<T> = Record<keyof T, unknown[]> | AnyEvents
type AnyEvents = [never]

/** What a pattern listener is called with: the name of the event, then its arguments. */
export type PatternArguments<T> = T extends AnyEvents
  ? // oxlint-disable-next-line typescript/no-explicit-any -- as node:events has it
    [name: string, ...args: any[]]
  : { [K in keyof T & string]: T[K] extends unknown[] ? [name: K, ...args: T[K]] : never }[keyof T & string]

/** An `EventEmitter` of Node.js that also listens by pattern. Made by the constructor of the same name. */
export interface EventBus<T extends EventMap<T> = AnyEvents> extends EventEmitter<T> {
  /**
   * Calls `listener` with the name and the arguments of every event whose name `pattern` matches as a glob, after the
   * listeners of the name itself. Names that are symbols match nothing, and neither do `newListener` and
   * `removeListener`; any other text may, also where it could not be a topic. Adding the same pair twice calls it
   * twice. Returns the emitter.
   *
   * @throws {TickbusError} `TICKBUS_PATTERN`, `TICKBUS_HANDLER`
   */
  onPattern(pattern: string, listener: (this: this, ...event: PatternArguments<T>) => unknown): this
  /** Takes away one of what `onPattern` added with the same arguments, the latest. Returns the emitter. */
  offPattern(pattern: string, listener: (this: this, ...event: PatternArguments<T>) => unknown): this
}

/** The static members are those of Node's `EventEmitter`, and change the same settings. */
export interface EventBusConstructor extends Omit<typeof EventEmitter, 'prototype' | 'EventEmitter'> {
  new <T extends EventMap<T> = AnyEvents>(options?: { captureRejections?: boolean | undefined }): EventBus<T>
  readonly prototype: EventBus
  readonly EventEmitter: EventBusConstructor
}

/** What an object needs for this code: listeners by pattern once there are some, or once it captures rejections. */
interface Emitter extends EventEmitter {
  [PATTERNS]?: PatternListeners
}
const PATTERNS = Symbol('tickbus.patterns')

/**
 * Node's own `EventEmitter`, extended by `onPattern` and `offPattern`: swap the import and nothing else changes. `on` and
 * `emit` take names literally, `''` and `a.*` included. It is a function, not a class, so that it can also be called on
 * an object (`EventBus.call(this)`), inherited from by `util.inherits`, and mixed in by
 * `Object.assign(Mine.prototype, EventBus.prototype)`.
 */
export const EventBus = function EventBus(this: Emitter, options?: { captureRejections?: boolean }): void {
  EventEmitter.call(this, options)
  const captures = options?.captureRejections || EventEmitter.captureRejections
  if (Object.hasOwn(this, PATTERNS)) this[PATTERNS]!.captures = captures
  // An emitter that serves as the prototype of this one keeps its listeners to itself.
  else if (captures || this[PATTERNS] !== undefined) setPatterns(this, new PatternListeners(captures))
} as unknown as EventBusConstructor

Object.setPrototypeOf(EventBus, EventEmitter)
Object.setPrototypeOf(EventBus.prototype, EventEmitter.prototype)
Object.assign(EventBus, { EventEmitter: EventBus })
Object.assign(EventBus.prototype, EventEmitter.prototype, { emit, removeAllListeners, onPattern, offPattern })

function emit(this: Emitter, name: string | symbol, ...args: unknown[]): boolean {
  const patterns = this[PATTERNS]
  if (patterns === undefined || typeof name !== 'string') return EventEmitter.prototype.emit.call(this, name, ...args)
  // Like the list of literal listeners, this one is fixed before the first call.
  const listeners = patterns.of(name)
  const isHeard = EventEmitter.prototype.emit.call(this, name, ...args)
  for (const listener of listeners) {
    const result = listener.call(this, name, ...args)
    if (patterns.captures) capture(this, patterns, result, name, args)
  }
  return isHeard || listeners.length > 0
}

function removeAllListeners(this: Emitter, ...names: [(string | symbol)?]): Emitter {
  if (names.length === 0) this[PATTERNS]?.clear()
  return EventEmitter.prototype.removeAllListeners.apply(this, names)
}

function onPattern(this: Emitter, pattern: string, listener: PatternListener): Emitter {
  checkPattern(pattern)
  if (typeof listener !== 'function') throw new TickbusError('TICKBUS_HANDLER', { pattern, got: show(listener) })
  const patterns = this[PATTERNS] ?? setPatterns(this, new PatternListeners())
  patterns.add(pattern, listener)
  return this
}

function offPattern(this: Emitter, pattern: string, listener: PatternListener): Emitter {
  this[PATTERNS]?.remove(pattern, listener)
  return this
}

/** Hidden from enumeration, so that an emitter looks the same as Node's. */
function setPatterns(emitter: Emitter, patterns: PatternListeners): PatternListeners {
  Object.defineProperty(emitter, PATTERNS, { value: patterns, writable: true, configurable: true })
  return patterns
}

/** What Node does for literal listeners: a rejection goes to the emitter's own method, or becomes an `error` event. */
function capture(emitter: Emitter, patterns: PatternListeners, result: unknown, name: string, args: unknown[]): void {
  if (!isThenable(result)) return
  result.then(undefined, (error: Error) => {
    // Out of the promise's own call, where a throw would be one more rejection.
    process.nextTick(() => {
      const handle = emitter[EventEmitter.captureRejectionSymbol]
      if (typeof handle === 'function') return handle.call(emitter, error, name, ...args)
      // A listener of `error` that rejects is not captured again, or this would never end.
      patterns.captures = false
      try {
        emitter.emit('error', error)
      } finally {
        patterns.captures = true
      }
    })
  })
}
