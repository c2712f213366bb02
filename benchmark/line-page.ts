/** Words that the two threads of line.ts share, each on a line of its own. */
export const RUNNING = 0
export const ASKED = 64
export const ANSWERED = 128
export const WORDS = 192

/** Asked for last: the round is over. */
export const OVER = -1
