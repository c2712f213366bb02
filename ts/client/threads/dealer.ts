import type { AutoscalerOptions, StandIn } from '../../autoscale-core.js'
import type { WorkerThread } from './worker-threads.js'

/** How a group's messages get to its threads: lent by the owner, or picked by each thread from what the backend shares. */
export interface Dealer {
  /** What a thread needs to take part. */
  readonly source: { readonly lender: number } | { readonly token: number }
  /** A thread takes part. */
  add(thread: WorkerThread): void
  /** A thread is to leave: it gets nothing more. */
  retire(thread: WorkerThread): void
  /** A thread has ended: what it had in hand ends with `outcome`, unless the backend has settled it. */
  remove(thread: WorkerThread, outcome: number): void
  /** Opens the law for its size, where the backend can go on with it while this thread does not come to it. */
  openStandIn?(options: AutoscalerOptions): StandIn
  /** Hands over what there is, until `untilNs`. Says whether there is more to do at once. */
  run(untilNs: number): boolean
  /** Settles as closed what threads still have. */
  abandon(): void
  end(): void
}
