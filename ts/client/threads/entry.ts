// Runs first in every worker thread of a consumer group.
import { workerData } from 'node:worker_threads'
import { GroupThread, type ThreadData } from './group-thread.js'

await GroupThread.run(workerData as ThreadData)
