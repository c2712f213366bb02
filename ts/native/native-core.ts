import type { Core, JoinOptions, Membership, Routes } from '../core.js'
import { codes, type ErrorCode, TickbusError } from '../errors.js'
import { checkJoin } from '../fallback/index.js'
import type { Binding, EchoOptions, NativeEcho, NativeEnvironment, NativeMembership } from './binding.js'

/** The backend in Rust, and beyond the `Core` what only Rust has. */
export interface NativeCore extends Core {
  /**
   * Starts a Rust thread that sends back what it reads, for self-tests and benchmarks.
   *
   * @throws {TickbusError} `TICKBUS_TICKET` if one of the buffers is not what it should be.
   */
  echo(options: EchoOptions): NativeEcho
}

export function nativeCore(binding: Binding): NativeCore {
  const members = new Set<{ readonly handle: NativeMembership; readonly wake: () => void }>()
  let environment: NativeEnvironment | undefined
  const here = () => (environment ??= new binding.Environment(answer))

  /** The doorbell is one for the thread and carries nothing, so the members are asked which of them was meant. */
  function answer(): void {
    for (const { handle, wake } of members) if (handle.answer()) wake()
  }

  function join(options: JoinOptions): Membership {
    checkJoin(options)
    const handle = named(() => here().join(options.roster, options.slot, options.generation))
    const member = { handle, wake: options.wake }
    members.add(member)
    return {
      ring: handle.ring,
      leave() {
        members.delete(member)
        handle.leave()
      },
    }
  }

  function openRoutes(answer: Uint32Array): Routes {
    const routes = binding.openRoutes(bytesOf(answer))
    return { ...routes, answerIn: (longer) => routes.answerIn(bytesOf(longer)) }
  }

  return {
    backend: 'native',
    isMatching: binding.isMatching,
    openRoutes,
    join,
    echo: (options) => named(() => here().echo(options)),
  }
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}

/** The addon says a code and a reason; the sentence around them is in the table. */
function named<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    const known: ErrorCode = code !== undefined && code in codes ? (code as ErrorCode) : 'TICKBUS_INTERNAL'
    throw new TickbusError(known, { where: 'the native backend', reason: message }, error)
  }
}
