/** The highest rate at which the median message is still on time, found by doubling and then by halving the gap. */
import type { Open, Round } from '../question.js'
import type { Crossing } from './crossing.js'
import { mix } from './messages.js'
import { playLoad } from './open-loop.js'

/** A message is on time within this many microseconds. */
const LIMIT_US = 50

export interface Search {
  /** First rate tried, in messages a second. */
  from: number
  /** Longest of one try. */
  seconds: number
  /** Most messages of one try. */
  most: number
  /** Times that the gap is halved: 4 leave one sixteenth of the last step. */
  halvings: number
}

export function searching(open: () => Promise<Crossing>): Open<Search> {
  return async (search, quick) => {
    const crossing = await open()
    const extent = quick ? { ...search, seconds: 0.02, most: 5_000, halvings: 1 } : search
    return { round: () => play(crossing, extent), close: () => crossing.close() }
  }
}

async function play(crossing: Crossing, { from, seconds, most, halvings }: Search): Promise<Round> {
  const tries: Round[] = []
  const isSustained = async (rate: number) => {
    const round = await playLoad(crossing, { rate, seconds: Math.min(seconds, most / rate), isTimed: true })
    tries.push(round)
    return round.figures.p50 < LIMIT_US && round.figures.rate > rate * 0.95
  }
  let low = 0
  let high = from
  while (await isSustained(high)) [low, high] = [high, high * 2]
  for (let step = 0; step < halvings; step++) {
    const middle = (low + high) / 2
    if (await isSustained(middle)) low = middle
    else high = middle
  }
  const sum = (of: 'published' | 'delivered') => tries.reduce((total, round) => total + round[of], 0)
  const mixed = (of: 'sentChecksum' | 'receivedChecksum') =>
    tries.reduce((checksum, round) => mix(checksum, round[of]), 0)
  return {
    figures: { rate: low, tries: tries.length },
    published: sum('published'),
    delivered: sum('delivered'),
    sentChecksum: mixed('sentChecksum'),
    receivedChecksum: mixed('receivedChecksum'),
  }
}
