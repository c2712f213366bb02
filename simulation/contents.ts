/** A file or directory of a simulated disk: what it holds, and what of that is on disk. */

/** A change of a file that is not on disk. */
export interface Change {
  readonly at: number
  /** undefined: the file is cut off at `at`. */
  readonly bytes: Uint8Array | undefined
  /** A failed sync was to bring it to disk. */
  isDoomed: boolean
}

export class Contents {
  readonly isDirectory: boolean
  bytes = new Uint8Array(0)
  onDisk = new Uint8Array(0)
  changes: Change[] = []

  constructor(isDirectory = false) {
    this.isDirectory = isDirectory
  }

  change(at: number, bytes: Uint8Array | undefined): void {
    const change = { at, bytes: bytes?.slice(), isDoomed: false }
    this.changes.push(change)
    this.bytes = changed(this.bytes, change)
  }

  synced(): void {
    for (const change of this.changes) if (!change.isDoomed) this.onDisk = changed(this.onDisk, change)
    this.changes = this.changes.filter(({ isDoomed }) => isDoomed)
  }
}

/** Bytes as they are after a change. */
export function changed(before: Uint8Array<ArrayBuffer>, { at, bytes }: Change): Uint8Array<ArrayBuffer> {
  if (bytes === undefined) {
    const cut = new Uint8Array(at)
    cut.set(before.subarray(0, at))
    return cut
  }
  const length = Math.max(before.length, at + bytes.length)
  const after = new Uint8Array(length)
  after.set(before)
  after.set(bytes, at)
  return after
}
