import { PORT_WORD_SETTLE_LIST, PORT_WORD_SETTLED } from '../../layout.js'

/**
 * Hands over what a thread that has ended had settled and not handed over: it lies in the settlement list of its port. Entry by
 * entry: the envelope with the outcome in its highest byte, and the generation. An entry may have been handed over as well, if
 * the thread ended in the middle of that.
 */
export function readStaged(page: SharedArrayBuffer, take: (entry: number, generation: number) => void): void {
  const words = new Int32Array(page)
  for (let i = 0; i < words[PORT_WORD_SETTLED]; i += 1) {
    const place = PORT_WORD_SETTLE_LIST + 2 * i
    take(words[place], words[place + 1])
  }
}
