import type { Autoscaler, AutoscalerOptions, StandIn, StandInOptions } from '../autoscale-core.js'
import type { Core, JoinOptions, Membership, Routes } from '../core.js'
import { codes, type ErrorCode, TickbusError } from '../errors.js'
import { checkAutoscaler, checkJoin, checkSchedule } from '../fallback/index.js'
import type {
  Schedule,
  ScheduleOptions,
  SharedGroup,
  SharedGroupOptions,
  SharedPort,
  SharedPortOptions,
} from '../lane-core.js'
import type { JournalCore } from '../journal-core.js'
import type { Binding, EchoOptions, NativeEcho, NativeEnvironment, NativeMembership } from './binding.js'
import { nativeJournalCore } from './journal-core.js'
import { checkPort, checkSharedGroup, checkSharedPort, refusedGroup } from './shared-groups.js'

/** The backend in Rust, and beyond the `Core` what only Rust has. */
export interface NativeCore extends Required<Core> {
  /**
   * Starts a Rust thread that sends back what it reads, for self-tests and benchmarks.
   *
   * @throws {TickbusError} `TICKBUS_TICKET` if one of the buffers is not what it should be.
   */
  echo(options: EchoOptions): NativeEcho
  readonly journal: JournalCore
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

  function openSchedule(options: ScheduleOptions): Schedule {
    checkSchedule(options)
    return named(() => binding.openSchedule(options))
  }

  function openSharedGroup(options: SharedGroupOptions): SharedGroup {
    checkSharedGroup(options)
    const { token, adopt, close } = named(() => here().openSharedGroup(options))
    return { token, adopt: (slot, port) => adoptWith(adopt, slot, port), close }
  }

  function joinSharedGroup(options: SharedPortOptions): SharedPort {
    checkSharedPort(options)
    return named(() => here().joinSharedGroup(options))
  }

  function openAutoscaler(options: AutoscalerOptions): Autoscaler {
    checkAutoscaler(options)
    const { page, ...limits } = options
    return named(() => binding.openAutoscaler(bytesOf(page), limits))
  }

  function openStandIn(options: StandInOptions): StandIn {
    checkAutoscaler(options)
    const { page, token, envelopes, roster, threads, hasFixedThreads: isFixed, nowMs, ...limits } = options
    return named(() =>
      here().openStandIn({ page: bytesOf(page), token, envelopes, roster, threads, isFixed, nowMs, limits }),
    )
  }

  return {
    backend: 'native',
    isMatching: binding.isMatching,
    openRoutes,
    openSchedule,
    openAutoscaler,
    join,
    journal: nativeJournalCore(binding, here),
    echo: (options) => named(() => here().echo(options)),
    openSharedGroup,
    joinSharedGroup,
    openStandIn,
  }
}

function adoptWith(adopt: SharedGroup['adopt'], slot: number, port: Uint8Array): number {
  checkPort(port)
  try {
    return adopt(slot, port)
  } catch (error) {
    throw refusedGroup(error)
  }
}

function bytesOf(words: Uint32Array | Float64Array): Uint8Array {
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
