import type { Consumer, GroupHandler, Work, WorkTopic } from '../work.js'
import type { Definition } from './control.js'

/** How many topics a thread remembers. A message that has waited while so many others came up cannot be read any more. */
const REMEMBERED = 2 ** 20

/** A topic number that nobody has explained. */
export const UNKNOWN: WorkTopic = {
  name: '(unknown)',
  group: '',
  priorities: [],
  isDurable: false,
  isOnce: false,
  next: () => NOBODY,
}
const NOBODY: Consumer = { pattern: '(unknown)', handler: () => {} }

/** What the topic numbers in a group's envelopes stand for, in a thread that did not give them out. */
export class ThreadTopics {
  readonly #topics = new Map<number, WorkTopic>()
  readonly #group: Pick<Work, 'group' | 'priorities'>
  readonly #handler: GroupHandler
  readonly #pull: () => void

  /** `pull` takes in what has been announced so far, now. */
  constructor(group: Pick<Work, 'group' | 'priorities'>, handler: GroupHandler, pull: () => void) {
    this.#group = group
    this.#handler = handler
    this.#pull = pull
  }

  /** Numbers rise: the oldest is forgotten first. */
  define({ number, topic: name, pattern, isDurable, isOnce }: Definition): void {
    const consumer: Consumer = { pattern, handler: this.#handler }
    const { group, priorities } = this.#group
    this.#topics.set(number, { name, group, priorities, isDurable, isOnce, next: () => consumer })
    if (this.#topics.size <= REMEMBERED) return
    for (const oldest of this.#topics.keys()) {
      this.#topics.delete(oldest)
      return
    }
  }

  find(number: number): WorkTopic {
    const known = this.#topics.get(number)
    if (known !== undefined) return known
    this.#pull()
    return this.#topics.get(number) ?? UNKNOWN
  }
}
