import type { ArbitrageKernel, ArbitrageKernelOptions } from '../arbitrage-core.js'
import type { Autoscaler, AutoscalerOptions, StandIn, StandInOptions } from '../autoscale-core.js'
import type { Routes } from '../core.js'
import type {
  Schedule,
  ScheduleOptions,
  SharedGroup,
  SharedGroupOptions,
  SharedPort,
  SharedPortOptions,
} from '../lane-core.js'
import type { JournalFrames, JournalRecovery, JournalWriter, JournalWriterOptions } from '../journal-core.js'
import type {
  Books,
  BooksOptions,
  BookSettings,
  ControlEvent,
  DecoderOptions,
  DecoderReport,
  PlantedDislocation,
  SimulationOptions,
} from '../market-core.js'

/**
 * What the addon exports. The raw functions (docs/binding-rules.md) are not in the generated native/binding.d.cts, so
 * all of it is declared here; __test__/core/binding.spec.ts holds this to what a built addon has.
 */
export interface Binding {
  layoutHash(): number
  version(): string
  /** Members of all buses of the process that listen through the addon. */
  seated(): number

  /** Raw. */
  isMatching(topic: string, pattern: string): boolean
  /** All raw but the last. */
  openRoutes(answer: Uint8Array): Omit<Routes, 'answerIn'> & { answerIn(answer: Uint8Array): void }
  /** All raw. */
  openSchedule(options: ScheduleOptions): Schedule
  /** Both raw. `page` is a view over a SharedArrayBuffer, and the rest was checked. */
  openAutoscaler(page: Uint8Array, limits: AutoscalerLimits): Autoscaler
  /** `counts` is a view over a SharedArrayBuffer. */
  openDecoder(options: NativeDecoderOptions, counts: Uint8Array): NativeDecoder
  /** All raw. */
  openBooks(options: NativeBooksOptions): NativeBooks
  openSimulation(options: SimulationOptions): NativeSimulation
  /** All raw. The views are over SharedArrayBuffers of their own. */
  openArbitrage(
    options: ArbitrageKernelOptions,
    view: Uint8Array,
    inbox: Uint8Array,
    events: Uint8Array,
  ): Pick<ArbitrageKernel, 'update' | 'updateOne' | 'writeOpen'>
  recoverJournal(directory: string): JournalRecovery
  readonly JournalReader: new (directory: string, from: number) => JournalFrames
  readonly Environment: new (wake: () => void) => NativeEnvironment

  // The boundary itself, for the benchmark: each call as `#[napi]` makes it, and raw.
  probeNoop(): void
  probeAdd(a: number, b: number): number
  probeText(text: string): number
  probeView(view: Uint8Array): number
  readonly Probe: new () => { add(n: number): number }
  rawNoop(): void
  rawAdd(a: number, b: number): number
  rawText(text: string): number
  rawView(view: Uint8Array): number
}

/** `AutoscalerOptions` without the page. */
export type AutoscalerLimits = Omit<AutoscalerOptions, 'page'>

export interface NativeStandInOptions extends Pick<StandInOptions, 'token' | 'envelopes' | 'roster' | 'threads' | 'nowMs'> {
  readonly page: Uint8Array
  readonly limits: AutoscalerLimits
  readonly isFixed: boolean
}

/** `DecoderOptions` with everything said. */
export type NativeDecoderOptions = Omit<DecoderOptions, 'books' | 'frameBytesMost'> & {
  readonly frameBytesMost: number
  readonly books?: NativeBooksOptions | undefined
}

/** `BooksOptions` with settings as numbers, by the `BOOK_SETTING_` places of `layout.ts`. */
export type NativeBooksOptions = Omit<BooksOptions, 'settings'> & {
  readonly settings?: { readonly continuity: string; readonly numbers: readonly number[] } | undefined
}

/** `Books`, whose page comes with each call that writes it. All raw; views are over memory that is not shared. */
export type NativeBooks = Omit<Books, 'page' | 'open' | 'apply' | 'changes'> & {
  open(instrument: number, continuity: BookSettings['continuity'], numbers: Float64Array): number
  /** `page` and `records` do not overlap. */
  apply(records: Uint8Array, page: Float64Array, first: number, count: number): number
  changes(page: Float64Array): number
}

/** All raw. Views are over memory that is not shared; `out` overlaps nothing. */
export interface NativeDecoder {
  setEpoch(seconds: number, nanos: number): void
  decodeLines(lines: Uint8Array, out: Uint8Array): number
  decodeFrame(frame: Uint8Array, out: Uint8Array, receivedNs: number): number
  /** `frames` is a list that nobody else has, without getters. */
  decodeFrames(frames: readonly Uint8Array[], out: Uint8Array, receivedNs: Float64Array): number
  /** So many frames in one piece of memory; `spans` has where each begins and ends, and when it was received. */
  decodeSpans(bytes: Uint8Array, out: Uint8Array, spans: Float64Array, count: number): number
  report(): DecoderReport
  /** Present if it was opened with books. */
  readonly books?: NativeBooks
  takeControls(): ControlEvent[]
}

/** All raw. */
export interface NativeSimulation {
  /** `out` is as for a decoder. */
  write(out: Uint8Array, untilNs: number): number
  dislocations(): PlantedDislocation[]
}

/** This thread's doorbell, and what ends with the thread. */
export interface NativeEnvironment {
  /** `roster` is a view over a SharedArrayBuffer. */
  join(roster: Uint8Array, slot: number, generation: number): NativeMembership
  echo(options: EchoOptions): NativeEcho
  /** All raw. `page` is a view over a SharedArrayBuffer, and the rest was checked. */
  openJournal(options: Omit<JournalWriterOptions, 'wake'>, wake: () => void): JournalWriter
  /** Only `close` is raw. */
  openSharedGroup(options: SharedGroupOptions): SharedGroup
  /** All raw but `add`. The views are over SharedArrayBuffers, and the rest was checked. */
  openStandIn(options: NativeStandInOptions): StandIn
  /** All raw. */
  joinSharedGroup(options: SharedPortOptions): SharedPort
}

/** All raw. */
export interface NativeMembership {
  ring(slot: number): void
  /** Whether this member was rung since it last asked. */
  answer(): boolean
  leave(): void
}

/** A Rust thread that is a member of a bus and sends back what it reads. */
export interface EchoOptions {
  /** Whole SharedArrayBuffers: the roster, the ring to read, the empty ring to write. */
  readonly roster: Uint8Array
  readonly source: Uint8Array
  readonly target: Uint8Array
  /** The echo's own slot, claimed by the caller, and the claim's generation. */
  readonly slot: number
  readonly generation: number
  /** Slot of the member that gets everything. */
  readonly to: number
}

export interface NativeEcho {
  /** Raw. Returns when the thread has ended. */
  stop(): void
}
