/** A simulated market, into memory and onto the bus. */
import { type Backend, MessageBus, Quote, Trade } from 'tickbus'
import { marketSchema, MarketSimulator, publishSimulated } from 'tickbus/market'
import type { Open } from '../question.js'

/** How long a round's market runs. */
export interface SimulatedLoad {
  seconds: number
}

export const markets = { '5 venues, 10 symbols': { seconds: 60 } } satisfies Record<string, SimulatedLoad>

const RECORD_BYTES = 64
const DOUBLES = RECORD_BYTES / 8
/** The first field of a quote and of a trade: a price. */
const PRICE = 3

const quickly = (seconds: number, quick: boolean) => 1e9 * (quick ? seconds / 20 : seconds)

/** Records, whose first prices are added up here and compared with those that another run of the seed makes. */
export function intoMemory(backend: Backend): Open<SimulatedLoad> {
  return async ({ seconds }, quick) => {
    const untilNs = quickly(seconds, quick)
    const play = () => {
      const simulator = new MarketSimulator({ seed: 1, backend })
      const doubles = new Float64Array(1_024 * DOUBLES)
      const out = new Uint8Array(doubles.buffer)
      let [count, sum] = [0, 0]
      for (let made = simulator.write(out, untilNs); made > 0; made = simulator.write(out, untilNs)) {
        count += made
        for (let record = 0; record < made; record += 1) sum += doubles[record * DOUBLES + PRICE]
      }
      return { count, sum }
    }
    const expected = play()
    const round = async () => {
      const start = performance.now()
      const { count, sum } = play()
      const figures = { message: ((performance.now() - start) * 1e6) / count }
      return {
        figures,
        published: expected.count,
        delivered: count,
        sentChecksum: expected.sum,
        receivedChecksum: sum,
      }
    }
    return { round, close: async () => {} }
  }
}

/** Messages through a bus of this thread, counted and added up by who gets them. */
export function ontoTheBus(backend: Backend): Open<SimulatedLoad> {
  return async ({ seconds }, quick) => {
    const untilNs = quickly(seconds, quick)
    const open = () => new MarketSimulator({ seed: 1, backend })
    let sentChecksum = 0
    const maker = open()
    for (let batch = maker.take(untilNs); batch.length > 0; batch = maker.take(untilNs)) {
      for (const { message } of batch) sentChecksum += priceOf(message)
    }
    const bus = new MessageBus({ schema: marketSchema, epoch: maker.epoch.unixNs, backend })
    let [delivered, receivedChecksum] = [0, 0]
    bus.subscribe('data.*', (message) => {
      delivered += 1
      receivedChecksum += priceOf(message)
    })
    const round = async () => {
      delivered = 0
      receivedChecksum = 0
      const start = performance.now()
      const published = await publishSimulated(open(), bus, untilNs)
      const figures = { message: ((performance.now() - start) * 1e6) / published }
      return { figures, published, delivered, sentChecksum, receivedChecksum }
    }
    return { round, close: () => bus.close() }
  }
}

function priceOf(message: unknown): number {
  if (message instanceof Quote) return message.bidPrice
  return message instanceof Trade ? message.price : NaN
}
