import type { Group } from '../group.js'
import type { Dealer } from './dealer.js'
import { Lender } from './lender.js'
import type { Seat } from './seat.js'
import type { WorkerThread } from './worker-threads.js'

/** The owner runs the schedule, and lends. */
export class Lending implements Dealer {
  readonly source: { readonly lender: number }
  readonly #seat: Seat
  readonly #lender: Lender

  constructor(group: Group, seat: Seat) {
    this.source = { lender: seat.id.slot }
    this.#seat = seat
    this.#lender = new Lender({
      work: group,
      mourn: (envelope) => group.mourn(envelope),
      bell: seat,
      nowNs: () => group.host.time.nowNs(),
    })
  }

  add({ slot, page }: WorkerThread): void {
    this.#lender.add(slot, page)
  }

  retire({ page }: WorkerThread): void {
    this.#lender.retire(page)
  }

  remove({ page }: WorkerThread, outcome: number): void {
    this.#lender.remove(page, outcome)
  }

  run(untilNs: number): boolean {
    return this.#lender.run(untilNs)
  }

  abandon(): void {
    this.#lender.abandon()
  }

  end(): void {
    this.#seat.leave()
  }
}
