/**
 * A question that is answered by measuring: what is asked, who competes, and what has to come out. One file a question
 * in questions/; the runner plays it, and knows nothing of what the cases do.
 */

/** What one round of one case showed. */
export interface Round {
  /** Measured values by the names of `Question.figures`. */
  figures: Record<string, number>
  /** What changed over time, for pictures; of the last round. @default nothing */
  series?: Record<string, number[]>
  /** Messages (or calls) that went out in this round, and how many came in. */
  published: number
  delivered: number
  /** What was sent and what arrived, each as one number that depends on every message and on their order. */
  sentChecksum: number
  receivedChecksum: number
}

/** A case that has set its scene in its own process and warmed up nothing yet. */
export interface Stage {
  round(): Promise<Round>
  close(): Promise<void>
}

/** Sets the scene for one case. `quick` asks for the smallest rounds that still exercise everything. */
export type Open<Row> = (row: Row, quick: boolean) => Promise<Stage>

export interface Figure {
  unit: string
  /** Which way is good; ratios are made so that more than 1 means that ours is better. */
  better: 'less' | 'more'
}

/** How much better ours has to be than a rival. */
export interface Target {
  ours: string
  /** A rival, or another case of ours. */
  rival: string
  /** Rows that the target is for. @default all */
  rows?: string[]
  /** What is compared. @default the first of the question's figures */
  figure?: string
  must: number
  /** @default none beyond the must */
  aim?: number
}

/** The most that ours may take of a figure, in the figure's unit and whatever others take. */
export interface Bound {
  ours: string
  figure: string
  /** Rows that the bound is for. @default all */
  rows?: string[]
  /** @default no promise, only an aim */
  must?: number
  /** @default none beyond the must */
  aim?: number
}

export interface Question<Row = unknown> {
  /** How it is called on the command line: `group` or `group/part`. */
  name: string
  asks: string
  /** How the figures come about, as far as a reader must know it to judge them. */
  how: string
  /** Measured values, the one that ratios are made of first. */
  figures: Record<string, Figure>
  /** Circumstances that are measured one after the other, and never compared with each other. */
  rows: Record<string, Row>
  /** The same round with nothing to measure in it: what the harness itself costs. */
  base?: Open<Row>
  /** Takes the base's median off every case before ratios are made. @default false */
  isBaseSubtracted?: boolean
  /** Cases by name; no two of a question share one, and none is called `base`. */
  rivals: Record<string, Open<Row>>
  ours: Record<string, Open<Row>>
  targets: Target[]
  /** @default none */
  bounds?: Bound[]
  /**
   * How many rounds to play, each in a process of its own and without warm-up: for what one round leaves behind in a
   * process, memory above all. @default as many as usual, in one process
   */
  freshRounds?: number
  /** Whether a round counts. A bus that drops everything would win otherwise. */
  check(round: Round): boolean
}

/** The case cannot run on this machine, or cannot do what the row asks. Its line in the report says why; the run goes on. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}

/** Gives a question its types. */
export function question<Row>(definition: Question<Row>): Question<Row> {
  return definition
}

/** All that was sent arrived, unchanged and in order. */
export function arrivedWhole(round: Round): boolean {
  return round.published > 0 && round.delivered === round.published && round.receivedChecksum === round.sentChecksum
}
