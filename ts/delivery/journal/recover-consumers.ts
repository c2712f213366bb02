/** Who has acknowledged what of a log, by its own records. */
import { RECORD_ACKNOWLEDGED, RECORD_ATTEMPTED, RECORD_CHECKPOINT, RECORD_MESSAGE } from '../../journal-core.js'
import { decodeAcknowledged, decodeAttempted, decodeCheckpoint } from './consumer-records.js'
import { Consumers } from './consumers.js'
import type { JournalCursor } from './cursor.js'

/** Reads all that is there: it is checked on the way, and says who has acknowledged what. */
export function recoverConsumers(cursor: JournalCursor): Consumers {
  const consumers = new Consumers()
  for (let raw = cursor.nextRaw(); raw !== undefined; raw = cursor.nextRaw()) {
    if (raw.type === RECORD_MESSAGE) consumers.add(raw.sequence)
    else if (raw.type === RECORD_CHECKPOINT) consumers.restore(decodeCheckpoint(raw.body))
    else if (raw.type === RECORD_ACKNOWLEDGED) {
      const { consumer, ranges } = decodeAcknowledged(raw.body)
      consumers.replay(consumer, ranges)
    } else if (raw.type === RECORD_ATTEMPTED) {
      const { consumer, sequence, attempts } = decodeAttempted(raw.body)
      consumers.attempted(consumer, sequence, attempts)
    }
  }
  return consumers
}
