/** The same questions to a small table and to a large one, in turn: how much longer do they take? */
import type { Open } from '../question.js'
import { type Resolve, type Table, resolving } from './resolving.js'

export interface Growth {
  small: Table
  large: Table
}

export function growing(open: (patterns: readonly string[], table: Table) => Promise<Resolve>): Open<Growth> {
  return async ({ small, large }, quick) => {
    const stages = [await resolving(open)(small, quick), await resolving(open)(large, quick)]
    return {
      async round() {
        const [before, after] = [await stages[0].round(), await stages[1].round()]
        return {
          figures: { growth: after.figures.resolve / before.figures.resolve },
          published: before.published + after.published,
          delivered: before.delivered + after.delivered,
          sentChecksum: before.sentChecksum ^ after.sentChecksum,
          receivedChecksum: before.receivedChecksum ^ after.receivedChecksum,
        }
      },
      close: async () => {},
    }
  }
}
