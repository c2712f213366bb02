import {
  LAYOUT_HASH,
  MEMBER_STATE_JOINING,
  MEMBER_WORD_GENERATION,
  MEMBER_WORD_STATE,
  MEMBER_WORDS,
  ROSTER_HEADER_WORDS,
  ROSTER_MAGIC,
  ROSTER_WORD_HASH,
  ROSTER_WORD_MAGIC,
  ROSTER_WORD_TOKEN_LOW,
  ROSTER_WORDS,
} from '../../dist/layout.js'

/** A roster page made by hand, after layout.ts. */
export class Page {
  readonly words = new Int32Array(new SharedArrayBuffer(4 * ROSTER_WORDS))

  constructor() {
    this.words[ROSTER_WORD_MAGIC] = ROSTER_MAGIC
    this.words[ROSTER_WORD_HASH] = LAYOUT_HASH
    crypto.getRandomValues(this.words.subarray(ROSTER_WORD_TOKEN_LOW, ROSTER_WORD_TOKEN_LOW + 2))
  }

  get roster(): Uint8Array {
    return new Uint8Array(this.words.buffer)
  }

  /** Takes a slot; returns its generation. */
  claim(slot: number): number {
    Atomics.store(this.words, word(slot, MEMBER_WORD_STATE), MEMBER_STATE_JOINING)
    return Atomics.add(this.words, word(slot, MEMBER_WORD_GENERATION), 1) + 1
  }

  state(slot: number): number {
    return Atomics.load(this.words, word(slot, MEMBER_WORD_STATE))
  }

  /** Other memory with the same contents. */
  copy(): Page {
    const copy = new Page()
    copy.words.set(this.words)
    return copy
  }
}

function word(slot: number, word: number): number {
  return ROSTER_HEADER_WORDS + slot * MEMBER_WORDS + word
}
