import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { ExecutionContext } from 'ava'
import type { Backend } from 'tickbus'
import {
  type Channel,
  type Gap,
  marketSchema,
  type StateChange,
  VenueDataClient,
  type VenueDataClientOptions,
  VenueReplayServer,
  type VenueReplayServerOptions,
} from 'tickbus/market'
import { openTestBus, VirtualClock } from 'tickbus/testing'
import { type WebSocket, WebSocketServer } from 'ws'
import type { VenueFrames } from './venue-frames.js'

/** The instant that hand-written frames are of. */
const EPOCH = BigInt(Date.UTC(2024, 7, 9)) * 1_000_000n

/** A client with a bus of its own, and all that it says. */
export class Rig {
  readonly clock = new VirtualClock()
  readonly bus
  readonly client: VenueDataClient
  readonly gaps: Gap[] = []
  readonly states: StateChange[] = []
  readonly faults: string[] = []
  readonly published: { topic: string; message: unknown }[] = []

  /** `epoch` is near the times of the frames. */
  constructor(t: ExecutionContext, options: Omit<VenueDataClientOptions, 'bus'>, epoch = EPOCH) {
    this.bus = openTestBus({ schema: marketSchema, epoch }).bus
    this.client = new VenueDataClient({ bus: this.bus, clock: this.clock, random: () => 0.5, ...options })
    this.client
      .on('gap', (gap) => void this.gaps.push(gap))
      .on('state', (change) => void this.states.push(change))
      .on('fault', ({ code }) => void this.faults.push(code))
    this.bus.subscribe('data.*', (message, topic) => void this.published.push({ topic, message }))
    t.teardown(async () => {
      await this.client.close()
      await this.bus.close()
    })
  }

  /** Resolves when a condition holds, which is looked at once a turn of the loop. */
  async until(condition: () => boolean, what: string): Promise<void> {
    const endMs = Date.now() + 60_000
    while (!condition()) {
      if (Date.now() > endMs) throw new Error(`${what} has not come: ${JSON.stringify(this.client.stats())}`)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }

  /** The same where time has to go by for it: 5 ms of the virtual clock for each look. */
  async meanwhile(condition: () => boolean, what: string): Promise<void> {
    await this.until(() => {
      if (!condition()) this.clock.advance(5)
      return condition()
    }, what)
  }

  /** Resolves when all that the server has sent is decoded and published. */
  async settled(server: VenueReplayServer): Promise<void> {
    await this.until(() => {
      const { decoded, frames } = this.client.stats()
      const { messages, fetched } = server.stats()
      return frames === messages + fetched && frames === decoded.frames
    }, 'all that was served')
  }

  /** What was published on topics of a kind: `quotes`, `trades` or `book`. */
  count(kind: string): number {
    return this.published.filter(({ topic }) => topic.startsWith(`data.${kind}.`)).length
  }
}

export async function serve(t: ExecutionContext, options: VenueReplayServerOptions): Promise<VenueReplayServer> {
  const server = await VenueReplayServer.open({ speed: 'max', ...options })
  t.teardown(() => server.close())
  return server
}

/** A client of a replay server that has subscribed to all that the frames have, and to a book that is whole. */
export async function connected(
  t: ExecutionContext,
  { protocol, symbol, frames }: VenueFrames,
  backend: Backend,
  channels: readonly Channel[],
): Promise<{ server: VenueReplayServer; rig: Rig }> {
  // Its clock stands still, so that no heartbeat comes between.
  const server = await serve(t, { protocol, frames, clock: new VirtualClock() })
  const { url, snapshotUrl } = server
  const rig = new Rig(t, { protocol, backend, url, snapshotUrl })
  await rig.client.connect()
  await Promise.all(channels.map((channel) => rig.client.subscribe(channel, [symbol])))
  return { server, rig }
}

/** A server of which the test decides every word. */
export async function rawServer(
  t: ExecutionContext,
  onConnection: (socket: WebSocket) => void,
): Promise<{ url: string; sockets: WebSocketServer }> {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  sockets.on('connection', (socket) => {
    socket.on('error', () => {})
    onConnection(socket)
  })
  await once(sockets, 'listening')
  t.teardown(() => {
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
  })
  return { url: `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`, sockets }
}
