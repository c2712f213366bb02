/** What one takes for a queue with priorities when there is no bus: lanes by hand, heaps, task queues. */
import { priorityQueue } from 'async'
import Denque from 'denque'
import FastPriorityQueue from 'fastpriorityqueue'
import fastq from 'fastq'
import { Heap } from 'heap-js'
import PQueue from 'p-queue'
import TinyQueue from 'tinyqueue'
import { Unavailable } from '../question.js'
import type { OpenQueue, Queue } from './bursts.js'
import { LANES, type Tally, type Tick, deadlineOf } from './work.js'

/** Nothing is queued: what making and counting messages costs everybody. */
export const plainly: OpenQueue = async (tally) => queueOf((tick) => tally.take(tick), nothing)

export const denques: OpenQueue = async (tally) => {
  const lanes = Array.from({ length: LANES }, () => new Denque<Tick>())
  const drain = () => {
    for (let lane = LANES - 1; lane >= 0; lane--) {
      const waiting = lanes[lane]
      for (let tick = waiting.shift(); tick !== undefined; tick = waiting.shift()) tally.take(tick)
    }
  }
  return queueOf((tick, lane) => lanes[lane].push(tick), drain)
}

/** What a heap needs to say which of two messages comes first: the lane, then the order of arrival. */
interface Ranked {
  rank: number
  tick: Tick
}

const byRank = (a: Ranked, b: Ranked): number => a.rank - b.rank

export const tinyqueue: OpenQueue = async (tally) => {
  const heap = new TinyQueue<Ranked>([], byRank)
  return ranked(
    tally,
    (entry) => heap.push(entry),
    () => heap.pop(),
  )
}

export const heapJs: OpenQueue = async (tally) => {
  const heap = new Heap<Ranked>(byRank)
  return ranked(
    tally,
    (entry) => heap.push(entry),
    () => heap.pop(),
  )
}

export const fastPriorityQueue: OpenQueue = async (tally) => {
  const heap = new FastPriorityQueue<Ranked>((a, b) => a.rank < b.rank)
  return ranked(
    tally,
    (entry) => heap.add(entry),
    () => heap.poll(),
  )
}

/** It knows no priorities. Its tasks end a microtask later: ended at once, they nest until the stack overflows. */
export const fastQueue: OpenQueue = async (tally) => {
  const queue = fastq<unknown, Tick>((tick, done) => {
    tally.take(tick)
    queueMicrotask(() => done(null))
  }, 1)
  queue.pause()
  queue.drain = () => queue.pause()
  return queueOf(
    (tick) => void queue.push(tick),
    () => queue.resume(),
  )
}

export const pQueue: OpenQueue = async (tally) => {
  const queue = new PQueue({ concurrency: 1, autoStart: false })
  const drain = () => {
    queue.start()
    void queue.onIdle().then(() => queue.pause())
  }
  return queueOf((tick, lane) => {
    const task = () => tally.take(tick)
    void queue.add(task as () => Promise<void>, { priority: lane })
  }, drain)
}

export const asyncPriorityQueue: OpenQueue = async (tally) => {
  const queue = priorityQueue<Tick>((tick, done) => {
    tally.take(tick)
    done()
  }, 1)
  queue.pause()
  queue.drain(() => queue.pause())
  return queueOf(
    (tick, lane) => void queue.push(tick, LANES - lane),
    () => queue.resume(),
  )
}

/** The same heaps with the earliest deadline on top. */
export const tinyqueueByDeadline: OpenQueue = async (tally) => {
  const heap = new TinyQueue<Due>([], byDeadline)
  return due(
    tally,
    (entry) => heap.push(entry),
    () => heap.pop(),
  )
}

export const heapJsByDeadline: OpenQueue = async (tally) => {
  const heap = new Heap<Due>(byDeadline)
  return due(
    tally,
    (entry) => heap.push(entry),
    () => heap.pop(),
  )
}

interface Due {
  deadline: number
  tick: Tick
}

const byDeadline = (a: Due, b: Due): number => a.deadline - b.deadline || a.tick.sequence - b.tick.sequence

/** Makes a queue that is only asked where few messages wait. */
export function shallow(open: OpenQueue): OpenQueue {
  return (tally, bursts) => {
    if (bursts.depth > 1_000) throw new Unavailable('what it does for each insertion grows with what waits')
    return open(tally, bursts)
  }
}

function due(tally: Tally, push: (entry: Due) => void, pop: () => Due | undefined): Queue {
  const publish = (tick: Tick): void => push({ deadline: deadlineOf(tick.sequence), tick })
  const drain = (): void => {
    for (let entry = pop(); entry !== undefined; entry = pop()) tally.take(entry.tick)
  }
  return queueOf(publish, drain)
}

function ranked(tally: Tally, push: (entry: Ranked) => void, pop: () => Ranked | undefined): Queue {
  const publish = (tick: Tick, lane: number): void => push({ rank: (LANES - lane) * 2 ** 40 + tick.sequence, tick })
  const drain = (): void => {
    for (let entry = pop(); entry !== undefined; entry = pop()) tally.take(entry.tick)
  }
  return queueOf(publish, drain)
}

function queueOf(publish: Queue['publish'], drain: () => void): Queue {
  return { publish, drain, close: async () => {} }
}

function nothing(): void {}
