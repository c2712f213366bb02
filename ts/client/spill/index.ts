export { GroupSpills, type Spilling } from './group-spills.js'
export { SpillDirectory } from './spill-directory.js'
