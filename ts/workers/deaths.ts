import type { Worker } from 'node:worker_threads'

const watchers = new Set<(thread: number) => void>()

/**
 * Calls `onEnd` with the thread id of every worker that this thread creates from now on, once it has ended, however it
 * ended. Returns a function that stops watching.
 */
export function watchThreads(onEnd: (thread: number) => void): () => void {
  if (watchers.size === 0) process.on('worker', watch)
  watchers.add(onEnd)
  return () => {
    watchers.delete(onEnd)
    if (watchers.size === 0) process.off('worker', watch)
  }
}

function watch(worker: Worker): void {
  const { threadId } = worker
  worker.once('exit', () => {
    for (const onEnd of [...watchers]) onEnd(threadId)
  })
}
