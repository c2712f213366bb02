/** One run of updates at which the edge of one way, buy here and sell there, was above the threshold. */
export class Episode {
  readonly number: number
  readonly openedNs: number
  edgeBps: number
  peakBps: number
  /** The smaller of both sizes at the peak. */
  size: number
  updates = 1

  constructor(number: number, openedNs: number, edgeBps: number, size: number) {
    this.number = number
    this.openedNs = openedNs
    this.edgeBps = edgeBps
    this.peakBps = edgeBps
    this.size = size
  }

  /** Counts an update at which it is still open. Says whether the edge is larger than ever. */
  goOn(edgeBps: number, size: number): boolean {
    this.updates += 1
    this.edgeBps = edgeBps
    if (!(edgeBps > this.peakBps)) return false
    this.peakBps = edgeBps
    this.size = size
    return true
  }
}
