import type { Routes } from '../core.js'
import type { DecoderOptions, DecoderReport } from '../market-core.js'

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
  openDecoder(options: DecoderOptions): NativeDecoder
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

/** All raw. Views are over memory that is not shared; `out` and `counts` overlap nothing. */
export interface NativeDecoder {
  setEpoch(seconds: number, nanos: number): void
  decodeLines(lines: Uint8Array, out: Uint8Array, counts: Float64Array): number
  /** `frames` is a list that nobody else has, without getters. */
  decodeFrames(
    frames: readonly Uint8Array[],
    out: Uint8Array,
    counts: Float64Array,
    receivedNs: Float64Array,
  ): number
  report(): DecoderReport
}

/** This thread's doorbell, and what ends with the thread. */
export interface NativeEnvironment {
  /** `roster` is a view over a SharedArrayBuffer. */
  join(roster: Uint8Array, slot: number, generation: number): NativeMembership
  echo(options: EchoOptions): NativeEcho
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
