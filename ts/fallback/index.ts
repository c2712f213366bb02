export { checkAutoscaler } from './autoscale/index.js'
export { jsCore } from './core.js'
export { checkJoin } from './join.js'
export {
  checkFrame,
  decodeHeader,
  encodeHeader,
  beginMark,
  encodeMark,
  findFrame,
  frameSequence,
  HEADER_BYTES,
  inDirectory,
  jsJournalCore,
  MARK,
  namedFault,
  readHeader,
  readLong,
  readMark,
  type SegmentHeader,
  segmentName,
  segmentsOf,
  syncDirectory,
  writeLong,
} from './journal/index.js'
export { checkSchedule } from './lanes/index.js'
export { jsArbitrageCore, jsMarketCore } from './market/index.js'
export { type BookCounts, type BookFault, type BookState, hasSnapshotApart, isFollowing } from './market/book/index.js'
