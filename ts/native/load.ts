import { createRequire } from 'node:module'
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
import type { Backend, Core } from '../core.js'
import { show, TickbusError } from '../errors.js'
import { jsCore } from '../fallback/index.js'
import { LAYOUT_HASH } from '../layout.js'
import type { Binding } from './binding.js'
import { type NativeCore, nativeCore } from './native-core.js'

interface Loaded {
  readonly core: NativeCore
  readonly binding: Binding
  readonly binary: string | undefined
}

/** Why the addon is not there, in words, and what was thrown. */
interface Failed {
  readonly reason: string
  readonly cause?: unknown
}

const forced = forcedBackend()
const native: Loaded | Failed = forced === 'js' ? { reason: 'TICKBUS_BACKEND=js is set' } : load()
if (forced === 'native') required(native)

/** Which backend runs unless a bus asks for another one. */
export const backend: Backend = 'core' in native ? 'native' : 'js'

/** Why this backend runs, for people. */
export const reason: string = 'core' in native ? (forced ? 'TICKBUS_BACKEND=native is set' : 'the addon loaded') : native.reason

/** File of the addon, if one was loaded. */
export const binary: string | undefined = 'core' in native ? native.binary : undefined

// Here and not at first use, so that an import alone says whether the backend that was asked for is there.
loadCore()

if (backend === 'js' && forced === undefined) warn()

/**
 * The core to run on.
 *
 * @throws {TickbusError} `TICKBUS_BACKEND` if that one cannot be had.
 */
export function loadCore(wanted: Backend = backend): Core {
  if (wanted === 'native') return required(native).core
  if (wanted !== 'js') throw unusable(show(wanted), 'it is neither "native" nor "js"')
  if (forced === 'native') throw unusable('js', 'TICKBUS_BACKEND=native is set')
  return jsCore
}

/**
 * The native core with what only it has.
 *
 * @throws {TickbusError} `TICKBUS_BACKEND` if the addon is not loaded.
 */
export function loadNative(): { core: NativeCore; binding: Binding } {
  return required(native)
}

function forcedBackend(): Backend | undefined {
  const value = process.env.TICKBUS_BACKEND
  if (value === undefined || value === '') return undefined
  if (value === 'native' || value === 'js') return value
  throw unusable(show(value), 'it is neither "native" nor "js"')
}

function load(): Loaded | Failed {
  const require = createRequire(import.meta.url)
  let binding: Binding
  try {
    binding = require('../../native/binding.cjs') as Binding
  } catch (cause) {
    if (!isLoadFailure(cause)) throw cause
    return { reason: explain(cause), cause }
  }
  // An addon that was built before there was a hash has none to tell.
  if (binding.layoutHash?.() !== LAYOUT_HASH) {
    return { reason: 'the addon was built for another memory layout: build it again with "npm run build:native"' }
  }
  const modules = Object.values(require.cache)
  const file = modules.find((module) => module?.filename.endsWith('.node') && module.exports === binding)?.filename
  return { core: nativeCore(binding), binding, binary: file }
}

/** Whether the addon is missing or unusable, as opposed to a fault in it. */
function isLoadFailure(error: unknown): error is Error {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_DLOPEN_FAILED') return true
  return /^(Cannot find|Failed to load) native binding/.test(message)
}

/** The generated loader tries several files, and chains what each of them said. Absence says less than anything else. */
function explain(error: Error): string {
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    if (!/^Cannot find module/.test(cause.message)) return `the addon does not load: ${cause.message}`
  }
  return `there is no addon for ${process.platform}-${process.arch}: "npm run build:native" builds one where Rust is installed`
}

function required(outcome: Loaded | Failed): Loaded {
  if ('core' in outcome) return outcome
  throw unusable('native', outcome.reason, outcome.cause)
}

function unusable(name: string, why: string, cause?: unknown): TickbusError {
  return new TickbusError('TICKBUS_BACKEND', { backend: name, reason: why }, cause)
}

/** Once in the process: threads inherit the mark from the one that started them. */
function warn(): void {
  const mark = 'tickbus: warned of the JavaScript backend'
  if (getEnvironmentData(mark) === true) return
  setEnvironmentData(mark, true)
  process.emitWarning(`Tickbus runs on its JavaScript backend, which is slower: ${reason}.`, {
    type: 'TickbusWarning',
    code: 'TICKBUS_JS_BACKEND',
    detail: 'TICKBUS_BACKEND=js chooses it without this warning.',
  })
}
