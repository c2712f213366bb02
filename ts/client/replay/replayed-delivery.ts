import type { JournalRecord } from '../../delivery/index.js'
import { Delivery, type DeliverySource } from '../delivery.js'

/** A message that was read back from the journal, as its handler sees it: `id`, `topic`, `key` and `priority` are those that it had. */
export class ReplayedDelivery extends Delivery {
  /** Its place in the journal. */
  readonly sequence: number
  /** When it was appended, UNIX nanoseconds. Messages that were handed to the disk together have one time. */
  readonly timeNs: bigint

  /** @internal */
  constructor(source: DeliverySource, head: number, id: number, publishedNs: number, record: JournalRecord) {
    super(source, head, id, record.message.key, publishedNs)
    this.sequence = record.sequence
    this.timeNs = record.timeNs
  }

  override get replayed(): boolean {
    return true
  }
}
