/** From a venue's socket in another thread to a handler: quotes, each of which the handler reads. */
import { EventEmitter, once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { type Backend, MessageBus, type Quote } from 'tickbus'
import { marketSchema, VenueDataClient } from 'tickbus/market'
import { WebSocket } from 'ws'
import type { Open } from '../question.js'
import { percentile } from '../statistics.js'
import { checksumOf, mix, type SocketLoad } from './socket-frames.js'

type OnQuote = (update: number, bid: number, bidSize: number, ask: number, askSize: number) => void

/** Connects to a venue and subscribes to its quotes; returns how to end that. */
type Connect = (url: string, onQuote: OnQuote) => Promise<() => Promise<void>>

function reading(connect: Connect): Open<SocketLoad> {
  return async (load, quick) => {
    const frames = quick ? Math.ceil(load.frames / 10) : load.frames
    const workerData: SocketLoad = { ...load, frames }
    const venue = new Worker(new URL('./socket-venue.js', import.meta.url), { workerData })
    const [{ url }] = (await once(venue, 'message')) as [{ url: string }]
    const arrived = new Float64Array(frames)
    const originNs = process.hrtime.bigint()
    let received = 0
    let checksum = 0
    let finish = (): void => {}
    const end = await connect(url, (update, bid, bidSize, ask, askSize) => {
      checksum = mix(checksum, update, bid, bidSize, ask, askSize)
      arrived[received] = Number(process.hrtime.bigint() - originNs)
      received += 1
      if (received === frames) finish()
    })
    return {
      async round() {
        received = 0
        checksum = 0
        const cpuBeginNs = cpuNs()
        const finished = new Promise<void>((resolve) => (finish = resolve))
        const started = once(venue, 'message') as Promise<[{ startNs: bigint }]>
        venue.postMessage('play')
        const [[{ startNs }]] = await Promise.all([started, finished])
        const usedNs = cpuNs() - cpuBeginNs
        const stepNs = load.rate === 0 ? 0 : 1e9 / load.rate
        const beginNs = Number(startNs - originNs)
        const waits = arrived.map((ns, i) => ns - beginNs - i * stepNs).toSorted()
        return {
          figures: {
            rate: (frames - 1) / ((arrived[frames - 1]! - arrived[0]!) / 1e9),
            p50: percentile(waits, 50) / 1e3,
            p99: percentile(waits, 99) / 1e3,
            cpu: usedNs / frames,
          },
          published: frames,
          delivered: received,
          sentChecksum: checksumOf(frames),
          receivedChecksum: checksum,
        }
      },
      async close() {
        await end()
        venue.postMessage('close')
        await once(venue, 'exit')
      },
    }
  }
}

/** CPU time of this thread so far. Node.js 20 knows only that of the process. */
function cpuNs(): number {
  if (process.platform === 'linux') return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0])
  const { user, system } = process.cpuUsage()
  return 1e3 * (user + system)
}

/** What Node.js programs do: ws, JSON.parse, numbers, an event. */
export function parsingSocket(): Open<SocketLoad> {
  return reading(async (url, onQuote) => {
    const events = new EventEmitter()
    events.on('quote', ({ sequence, bidPrice, bidSize, askPrice, askSize }) => {
      onQuote(sequence, bidPrice, bidSize, askPrice, askSize)
    })
    const socket = new WebSocket(url, { perMessageDeflate: false })
    await once(socket, 'open')
    socket.send('{"method":"SUBSCRIBE","params":["btcusdt@bookTicker"],"id":1}')
    await once(socket, 'message')
    socket.on('message', (frame: Buffer) => {
      const { data } = JSON.parse(frame.toString())
      const { u: sequence, b, B, a, A } = data
      const [bidPrice, bidSize, askPrice, askSize] = [Number(b), Number(B), Number(a), Number(A)]
      events.emit('quote', { sequence, bidPrice, bidSize, askPrice, askSize, ts: data.T })
    })
    return async () => socket.terminate()
  })
}

/** Ours: decoded, watched for gaps, and published on the bus as `data.quotes.BINANCE.BTCUSDT-PERP`. */
export function throughClient(backend: Backend): Open<SocketLoad> {
  return reading(async (url, onQuote) => {
    const bus = new MessageBus({ schema: marketSchema, backend })
    const client = new VenueDataClient({ protocol: 'binance-usdm', bus, url, backend })
    bus.subscribe('data.quotes.*', ({ sequence, bidPrice, bidSize, askPrice, askSize }: Quote) => {
      onQuote(sequence, bidPrice, bidSize, askPrice, askSize)
    })
    await client.connect()
    await client.subscribe('quotes', ['BTCUSDT'])
    return async () => {
      await client.close()
      await bus.close()
    }
  })
}
