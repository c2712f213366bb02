/** The thread of a venue: serves quotes from memory, at a pace or as fast as its client takes them in. */
import { parentPort, workerData } from 'node:worker_threads'
import { VenueReplayServer } from 'tickbus/market'
import { frameOf, type SocketLoad } from './socket-frames.js'

const { frames: count, rate } = workerData as SocketLoad
const stepNs = rate === 0 ? 0 : 1e9 / rate
const frames = Array.from({ length: count }, (_, i) => ({ receivedNs: Math.round(i * stepNs), frame: frameOf(i) }))
const server = await VenueReplayServer.open({
  protocol: 'binance-usdm',
  frames,
  speed: rate === 0 ? 'max' : 1,
  clock: {
    nowNs: () => Number(process.hrtime.bigint()),
    defer: (run) => void setImmediate(run),
    // Node's timers are right to a millisecond, in which a hundred quotes are due.
    setTimer: (run, ms) => (ms < 2 ? setImmediate(run) : setTimeout(run, ms)),
    clearTimer: () => {},
  },
})

parentPort!.on('message', (asked: 'play' | 'close') => {
  if (asked === 'close') {
    void server.close().then(() => process.exit(0))
    return
  }
  server.rewind()
  parentPort!.postMessage({ startNs: process.hrtime.bigint() })
  void server.play()
})
parentPort!.postMessage({ url: server.url })
