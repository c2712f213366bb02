// Of three threads one does not start.
import { threadId } from 'node:worker_threads'

if (threadId % 3 === 0) throw new Error('not this one')
export default () => {}
