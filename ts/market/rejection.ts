import { FRAME_NESTING_MOST } from '../layout.js'
import type { RejectSample } from '../market-core.js'

const SENTENCES: Readonly<Record<string, string>> = {
  time: 'it does not begin with a receive time of 19 digits and a space',
  reach: 'it was received more than 104 days from the first',
  length: 'it is longer than the decoder takes',
  encoding: 'it is not UTF-8',
  nesting: `it is nested deeper than ${FRAME_NESTING_MOST}`,
  json: 'it is not JSON',
  object: 'it is not a JSON object',
  kind: 'it says not what it is: it names no stream, event, topic or channel',
  instrument: 'it is about none of the instruments that are expected',
  eventTime: 'its event time lies more than 104 days from the first line',
  room: 'it has more levels than a book can have',
  field: 'its field {field} is missing, or not what it should be',
  twice: 'its field {field} is given twice',
  negative: 'its field {field} is negative',
  zero: 'its field {field} is 0',
  range: 'its field {field} is out of the range of a double',
}

/** Why a frame was rejected, in words. */
export function describeRejection({ reason, field }: RejectSample): string {
  return SENTENCES[reason]!.replace('{field}', field ?? '')
}
