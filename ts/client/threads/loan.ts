import {
  PORT_LOANS,
  PORT_RETURNS,
  PORT_WORD_ARRIVED,
  PORT_WORD_ASKED,
  PORT_WORD_ASKED_URGENT,
  PORT_WORD_LENT,
  PORT_WORD_LENT_URGENT,
  PORT_WORD_LOAN_LIST,
  PORT_WORD_RETURN_LIST,
  PORT_WORD_RETURNED,
  PORT_WORD_URGENT_LOAN_LIST,
  PORT_WORD_WAITING,
} from '../../layout.js'

/**
 * The lender's side of one thread's account: messages go out as far as the thread has asked for them, settlements come
 * back. Three rings in the thread's port, each with one writer and one reader; counts wrap and are compared by difference.
 */
export class Loan {
  readonly #control: Int32Array
  #lent = 0
  #lentUrgent = 0
  /** 1 + the most urgent lane of what was lent as urgent and not shown yet. */
  #arrived = 0
  #asked = 0
  #askedUrgent = 0
  #returnsTaken = 0

  constructor(page: SharedArrayBuffer) {
    this.#control = new Int32Array(page)
  }

  /**
   * Looks at what the thread asks for. To be done before {@link takeReturns}: what it had given back when it asked is seen
   * then.
   */
  survey(): void {
    this.#asked = Atomics.load(this.#control, PORT_WORD_ASKED)
    this.#askedUrgent = Atomics.load(this.#control, PORT_WORD_ASKED_URGENT)
  }

  /** How many more messages the thread takes, as of the last survey. */
  get credit(): number {
    return Math.max(0, (this.#asked - this.#lent) | 0)
  }

  /** How many more it takes if they are urgent. */
  get urgentCredit(): number {
    return Math.max(0, (this.#askedUrgent - this.#lentUrgent) | 0)
  }

  /** Whether there are settlements to take in, or it has asked for something else since the last survey. */
  get hasNews(): boolean {
    const control = this.#control
    return (
      Atomics.load(control, PORT_WORD_RETURNED) !== this.#returnsTaken ||
      Atomics.load(control, PORT_WORD_ASKED) !== this.#asked ||
      Atomics.load(control, PORT_WORD_ASKED_URGENT) !== this.#askedUrgent
    )
  }

  /** Puts an envelope on the thread's list; {@link show} lets it see it. */
  lend(number: number): void {
    this.#control[PORT_WORD_LOAN_LIST + (this.#lent & (PORT_LOANS - 1))] = number
    this.#lent = (this.#lent + 1) | 0
  }

  lendUrgent(number: number, lane: number): void {
    this.#arrived = Math.max(this.#arrived, lane + 1)
    this.#control[PORT_WORD_URGENT_LOAN_LIST + (this.#lentUrgent & (PORT_LOANS - 1))] = number
    this.#lentUrgent = (this.#lentUrgent + 1) | 0
  }

  /** Lets the thread see what was lent since the last time; says whether there was anything. */
  show(): boolean {
    const control = this.#control
    const urgent = control[PORT_WORD_LENT_URGENT] !== this.#lentUrgent
    if (!urgent && control[PORT_WORD_LENT] === this.#lent) return false
    Atomics.store(control, PORT_WORD_LENT, this.#lent)
    if (urgent) {
      Atomics.store(control, PORT_WORD_LENT_URGENT, this.#lentUrgent)
      // After the count: a turn of the thread that resets the word and misses the count comes before this.
      Atomics.store(control, PORT_WORD_ARRIVED, this.#arrived)
      this.#arrived = 0
    }
    return true
  }

  /** Tells the thread how many messages of an urgent lane wait. */
  tellWaiting(lane: number, count: number): void {
    if (this.#control[PORT_WORD_WAITING + lane] !== count) this.#control[PORT_WORD_WAITING + lane] = count
  }

  /** Hands over every settlement that the thread has written; says whether there was any. */
  takeReturns(take: (entry: number, generation: number) => void): boolean {
    const control = this.#control
    const written = Atomics.load(control, PORT_WORD_RETURNED)
    if (written === this.#returnsTaken) return false
    while (this.#returnsTaken !== written) {
      const place = PORT_WORD_RETURN_LIST + 2 * (this.#returnsTaken & (PORT_RETURNS - 1))
      this.#returnsTaken = (this.#returnsTaken + 1) | 0
      take(control[place], control[place + 1])
    }
    return true
  }
}
