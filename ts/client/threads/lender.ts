import {
  ENVELOPE_FLAG_SUSPECT,
  ENVELOPE_WORD_GENERATION,
  ENVELOPE_WORD_HEAD,
  ENVELOPE_WORD_OWNER,
  ENVELOPE_WORDS,
  OUTCOME_CLOSED,
  OUTCOME_RETRIED,
  OUTCOME_WORKER_LOST,
  PORT_LEASES,
} from '../../layout.js'
import type { Work } from '../work.js'
import { Loan } from './loan.js'
import { readStaged } from './staged.js'
import type { Bell } from './thread-port.js'

export interface LenderOptions {
  readonly work: Pick<Work, 'envelopes' | 'priorities' | 'urgent' | 'isUrgentGated' | 'lease' | 'settle'>
  /** What becomes of a message whose thread has died. */
  readonly mourn: (envelope: number) => number
  readonly bell: Bell
  readonly nowNs: () => number
}

/** A thread that borrows. */
interface Borrower {
  /** Stands in the envelopes that it has. */
  readonly id: number
  readonly slot: number
  /** Of its port, which is its own. */
  readonly page: SharedArrayBuffer
  readonly loan: Loan
  credit: number
  urgentCredit: number
  /** It is to leave, and gets nothing more. */
  isRetiring: boolean
  /** Messages that it has, as far as this thread knows. */
  inHand: number
}

/**
 * Lends the messages of a group to threads that cannot run its schedule themselves, and settles what they give back. A
 * message goes to the thread that has the fewest in hand of those that asked.
 */
export class Lender {
  readonly #options: LenderOptions
  readonly #words: Uint32Array
  readonly #borrowers: Borrower[] = []
  readonly #lease = new Uint32Array(PORT_LEASES)
  #ids = 0
  /** All envelopes that were ever lent are below. */
  #highest = 0

  constructor(options: LenderOptions) {
    this.#options = options
    this.#words = options.work.envelopes.words
  }

  /** Lends to the thread in a slot from now on. */
  add(slot: number, page: SharedArrayBuffer): void {
    this.#ids += 1
    const loan = new Loan(page)
    this.#borrowers.push({ id: this.#ids, slot, page, loan, credit: 0, urgentCredit: 0, isRetiring: false, inHand: 0 })
  }

  /** Lends nothing more to the thread of a port. */
  retire(page: SharedArrayBuffer): void {
    for (const borrower of this.#borrowers) if (borrower.page === page) borrower.isRetiring = true
  }

  /**
   * The thread of a port has ended: takes what it had settled, and settles the rest with `outcome`. Another one may sit in its
   * slot by now.
   */
  remove(page: SharedArrayBuffer, outcome: number): void {
    const index = this.#borrowers.findIndex((borrower) => borrower.page === page)
    if (index < 0) return
    const [borrower] = this.#borrowers.splice(index, 1)
    this.#takeReturns(borrower!)
    readStaged(borrower!.page, (entry, generation) => this.#takeReturn(borrower!, entry, generation))
    this.#settleAll(borrower!, outcome)
  }

  /** Settles everything that is lent as closed; what threads say of it later counts no more. */
  abandon(): void {
    for (const borrower of this.#borrowers) {
      this.#takeReturns(borrower)
      this.#settleAll(borrower, OUTCOME_CLOSED)
    }
  }

  /** Lends what there is to lend, until `untilNs`. Says whether there is more to do at once; if not, threads will ring. */
  run(untilNs: number): boolean {
    const { bell, nowNs } = this.#options
    bell.stayAwake()
    while (this.#round()) if (nowNs() >= untilNs) return true
    bell.sleep()
    if (!this.#borrowers.some(({ loan }) => loan.hasNews)) return false
    bell.stayAwake()
    return true
  }

  /** Takes settlements in, picks once, lends; says whether anything came of it. */
  #round(): boolean {
    const { work, nowNs } = this.#options
    let credit = 0
    let urgentCredit = 0
    let hasReturned = false
    for (const borrower of this.#borrowers) {
      borrower.loan.survey()
      hasReturned = this.#takeReturns(borrower) || hasReturned
      borrower.credit = borrower.isRetiring ? 0 : borrower.loan.credit
      borrower.urgentCredit = borrower.isRetiring ? 0 : borrower.loan.urgentCredit
      credit += borrower.credit
      urgentCredit += borrower.urgentCredit
    }
    const most = Math.min(credit, PORT_LEASES)
    const leased = work.lease(most, Math.min(urgentCredit, PORT_LEASES), nowNs(), this.#lease)
    for (let i = 0; i < leased; i += 1) this.#lend(this.#lease[i])
    if (work.urgent < work.priorities.length) this.#tellGated(work.isUrgentGated)
    for (const { loan, slot } of this.#borrowers) if (loan.show()) this.#options.bell.ringIfAsleep(slot)
    return hasReturned || leased > 0
  }

  /** Threads look at it after each message that has a key. */
  #tellGated(isGated: boolean): void {
    for (const { loan } of this.#borrowers) loan.tellWaiting(this.#options.work.urgent, isGated ? 1 : 0)
  }

  #takeReturns(borrower: Borrower): boolean {
    return borrower.loan.takeReturns((entry, generation) => this.#takeReturn(borrower, entry, generation))
  }

  #takeReturn(borrower: Borrower, entry: number, generation: number): void {
    const envelope = entry & 0xffffff
    const head = envelope * ENVELOPE_WORDS
    if (this.#words[head + ENVELOPE_WORD_OWNER] !== borrower.id) return
    if (this.#words[head + ENVELOPE_WORD_GENERATION] !== generation >>> 0) return
    this.#settle(borrower, envelope, entry >>> 24)
  }

  #settleAll(borrower: Borrower, outcome: number): void {
    for (let envelope = 0; envelope < this.#highest; envelope += 1) {
      const owner = this.#words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_OWNER]
      if (owner !== borrower.id) continue
      this.#settle(borrower, envelope, outcome === OUTCOME_WORKER_LOST ? this.#mourn(envelope) : outcome)
    }
  }

  #mourn(envelope: number): number {
    const outcome = this.#options.mourn(envelope)
    if (outcome === OUTCOME_RETRIED) {
      this.#words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_HEAD] |= ENVELOPE_FLAG_SUSPECT << 8
    }
    return outcome
  }

  #settle(borrower: Borrower, envelope: number, outcome: number): void {
    const head = envelope * ENVELOPE_WORDS
    this.#words[head + ENVELOPE_WORD_OWNER] = 0
    borrower.inHand -= 1
    this.#options.work.settle(envelope, this.#words[head + ENVELOPE_WORD_GENERATION], outcome)
  }

  /**
   * No more were picked than there is credit for, so there is always somebody. A message of a lane that is not urgent may
   * have been picked as urgent, since one behind it is: either credit will do for both.
   */
  #lend(envelope: number): void {
    const head = envelope * ENVELOPE_WORDS
    const lane = this.#words[head + ENVELOPE_WORD_HEAD] & 0xff
    const isUrgent = lane >= this.#options.work.urgent
    const [first, second] = isUrgent ? [takesUrgent, takes] : [takes, takesUrgent]
    const borrower = (this.#leastBusy(first) ?? this.#leastBusy(second))!
    this.#words[head + ENVELOPE_WORD_OWNER] = borrower.id
    this.#highest = Math.max(this.#highest, envelope + 1)
    borrower.inHand += 1
    if (isUrgent ? takesUrgent(borrower) : !takes(borrower)) {
      borrower.urgentCredit -= 1
      borrower.loan.lendUrgent(envelope, Math.max(lane, this.#options.work.urgent))
    } else {
      borrower.credit -= 1
      borrower.loan.lend(envelope)
    }
  }

  #leastBusy(isTaker: (borrower: Borrower) => boolean): Borrower | undefined {
    let best: Borrower | undefined
    for (const borrower of this.#borrowers) {
      if (isTaker(borrower) && (best === undefined || borrower.inHand < best.inHand)) best = borrower
    }
    return best
  }
}

function takes({ credit }: Borrower): boolean {
  return credit > 0
}

function takesUrgent({ urgentCredit }: Borrower): boolean {
  return urgentCredit > 0
}
