/** A thread with a queue for each key, by hand. */
import { parentPort, workerData } from 'node:worker_threads'
import { fastQueues, type KeyedHandler, pQueues } from './keyed.js'
import type { KeyedTick } from './key-threads.js'
import { takeKeyedShare } from './shares.js'

const take = await takeKeyedShare()
const handle: KeyedHandler<KeyedTick> = (_, { key, sequence }) => take(key, sequence)
const queues = await (workerData === 'fastq' ? fastQueues(handle) : pQueues(handle))
parentPort!.on('message', ({ tick, key }: { tick: KeyedTick; key: string }) => queues.publish(key, tick))
parentPort!.postMessage('ready')
