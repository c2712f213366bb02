export { jsCore } from './core.js'
export { checkJoin } from './join.js'
export { jsMarketCore } from './market/index.js'
export {
  Book,
  type BookCounts,
  type BookFault,
  type BookSettings,
  type BookState,
  type ChecksumKind,
  type Continuity,
  hasSnapshotApart,
  isFollowing,
  LevelRecords,
  type Levels,
  WHOLE,
} from './market/book/index.js'
