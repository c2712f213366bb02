import { setImmediate } from 'node:timers/promises'
import { Quote, quote, topics } from '../bus/index.js'
import { WaitTimes } from '../market/index.js'
import { MessageBus } from '../workers/index.js'

export interface SelfTest {
  /** Records sent to another thread, which sends each back. */
  readonly messages: number
  /** Of these, not come back, or come back out of turn. */
  readonly lost: number
  /** Records there and back in a second, many on their way at a time. */
  readonly ratePerS: number
  /** There and back with nothing else on its way, the middle one of many, in microseconds. */
  readonly p50Us: number
  readonly seconds: number
}

/** Fewer than a ring holds, so that none may be overwritten. */
const MOST_UNDER_WAY = 4_096
const PHASE_NS = 5e8
const PATIENCE_NS = 2e9

/** Sends records to a thread and back for a second: half of it as many as possible, half of it one at a time. */
export async function selfTest(): Promise<SelfTest> {
  const bus = new MessageBus({ schema: topics({ 'selftest.{way}': quote() }) })
  try {
    let sent = 0
    let returned = 0
    let inOrder = 0
    bus.subscribe('selftest.back', ({ sequence }: Quote) => {
      if (sequence === returned) inOrder += 1
      returned += 1
    })
    await bus.spawn(new URL('./self-test-worker.js', import.meta.url))
    const there = bus.topic('selftest.there')
    const send = (): void => {
      there.publish(new Quote(100, 101, 1, 1, 0, 0, bus.epoch, sent))
      sent += 1
    }
    /** Waits until at most so many are under way; not for ever, if they are lost. */
    const waitFor = async (underWay: number): Promise<void> => {
      const untilNs = bus.nowNs() + PATIENCE_NS
      while (sent - returned > underWay && bus.nowNs() < untilNs) await setImmediate()
    }

    const startNs = bus.nowNs()
    while (bus.nowNs() - startNs < PHASE_NS) {
      for (let i = 0; i < 256; i += 1) send()
      await waitFor(MOST_UNDER_WAY)
    }
    await waitFor(0)
    const ratePerS = (inOrder / (bus.nowNs() - startNs)) * 1e9

    const trips = new WaitTimes()
    const aloneNs = bus.nowNs()
    while (bus.nowNs() - aloneNs < PHASE_NS && returned === sent) {
      const sentNs = bus.nowNs()
      send()
      await waitFor(0)
      trips.record(bus.nowNs() - sentNs)
    }
    const seconds = (bus.nowNs() - startNs) / 1e9
    return { messages: sent, lost: sent - inOrder, ratePerS, p50Us: trips.percentileNs(0.5) / 1000, seconds }
  } finally {
    await bus.close()
  }
}
