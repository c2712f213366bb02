/** What threads that share the work have handled, in memory that the publisher sees. */
import {
  type MessageKind,
  type QuoteFields,
  type Signal,
  makerOf,
  weighQuote,
  weighSignal,
} from '../crossing/messages.js'

/** The channel on which each thread asks for the page. */
export const ROSTER_NAME = 'tickbus-benchmark-shares'

/** Threads that may write, each on a line of its own. */
const THREADS = 16
const LINE_WORDS = 32
/** Behind the lines: for each key the last message that was handled, and then whether one is being handled. */
const KEY_WORDS = LINE_WORDS * (THREADS + 1)

export interface Shares {
  readonly count: number
  readonly checksum: number
  clear(): void
  close(): void
}

/** What a thread is told when it asks. */
export interface SharePage {
  page: SharedArrayBuffer
  kind: MessageKind
}

/** The publisher's side. */
export function openShares(kind: MessageKind, keys = 0): Shares {
  const page = new SharedArrayBuffer(4 * (KEY_WORDS + 2 * keys))
  const words = new Int32Array(page)
  const channel = new BroadcastChannel(ROSTER_NAME)
  channel.onmessage = ({ data }) => {
    if (data === 'ask') channel.postMessage({ page, kind } satisfies SharePage)
  }
  const sum = (word: number): number => {
    let total = 0
    for (let thread = 1; thread <= THREADS; thread++)
      total = (total + Atomics.load(words, thread * LINE_WORDS + word)) | 0
    return total
  }
  return {
    get count() {
      return sum(0)
    },
    get checksum() {
      return sum(1)
    },
    clear: () => void words.fill(0, LINE_WORDS),
    close: () => channel.close(),
  }
}

/** A consumer's side: counts and checks what it handles. */
export async function takeShare(): Promise<(message: unknown) => void> {
  const { page, kind } = await askForPage()
  const words = new Int32Array(page)
  // The first line counts the threads.
  const line = (Atomics.add(words, 0, 1) + 1) * LINE_WORDS
  const weigh = weigherOf(kind)
  return (message) => {
    words[line + 1] = (words[line + 1] + weigh(message)) | 0
    words[line] += 1
  }
}

/**
 * A consumer's side where keys keep their order, and handlers wait for one microtask: whoever finds a key busy, or its last
 * message newer, spoils the checksum.
 */
export async function takeKeyedShare(): Promise<(key: number, sequence: number) => Promise<void>> {
  const { page } = await askForPage()
  const words = new Int32Array(page)
  const line = (Atomics.add(words, 0, 1) + 1) * LINE_WORDS
  const busyWords = KEY_WORDS + (words.length - KEY_WORDS) / 2
  return async (key, sequence) => {
    const isBusy = Atomics.exchange(words, busyWords + key, 1) === 1
    const last = Atomics.exchange(words, KEY_WORDS + key, sequence + 1)
    await undefined
    Atomics.store(words, busyWords + key, 0)
    const weight = isBusy || last > sequence ? 1 : Math.imul(sequence + 1, 31)
    words[line + 1] = (words[line + 1] + weight) | 0
    words[line] += 1
  }
}

/** The order is nobody's promise where two threads share the work, so the checksum is a sum. */
export function sumOf(kind: MessageKind, count: number): number {
  const [make, weigh] = [makerOf(kind), weigherOf(kind)]
  let sum = 0
  for (let sequence = 0; sequence < count; sequence++) sum = (sum + weigh(make(sequence, 0))) | 0
  return sum
}

function weigherOf(kind: MessageKind): (message: unknown) => number {
  return kind === 'quote'
    ? (message) => weighQuote(message as QuoteFields)
    : (message) => weighSignal(message as Signal)
}

function askForPage(): Promise<SharePage> {
  const channel = new BroadcastChannel(ROSTER_NAME)
  return new Promise((resolve) => {
    channel.onmessage = ({ data }) => {
      if (data === 'ask') return
      channel.close()
      resolve(data as SharePage)
    }
    channel.postMessage('ask')
  })
}
