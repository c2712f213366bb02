import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'

/** One end of what the owner of a group and one of its threads tell each other: in order, and kept until it is heard. */
export interface Channel<In, Out> {
  post(message: Out): void
  /** Hands over what comes from now on, in turns of the event loop. */
  listen(hear: (message: In) => void): void
  /** Hands over what has come and was not heard yet, now. */
  pull(hear: (message: In) => void): void
  close(): void
}

/** A channel over a port, which keeps its thread alive while it listens, or not. */
export function portChannel<In, Out>(port: MessagePort, keepsAlive: boolean): Channel<In, Out> {
  return {
    post: (message) => port.postMessage(message),
    listen: (hear) => {
      port.on('message', hear)
      if (!keepsAlive) port.unref()
    },
    pull: (hear) => {
      for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
        hear((next as { message: In }).message)
      }
    },
    close: () => port.close(),
  }
}
