import { type RecordingBlock, tellConnection } from './content.js'
import { CONNECTIONS_MOST, type RecordedConnection } from './frame-source.js'

/**
 * The connections of a whole recording. One that was continued may use a number again for another connection, because each
 * block says for itself what its numbers are: the later connection gets a number that is free.
 */
export class ConnectionNumbers {
  readonly connections = new Map<number, RecordedConnection>()
  /** Numbers by what was told. */
  readonly #numbers = new Map<string, number>()
  #free = 0

  /** Gives the block's connections the numbers that they have in the recording. Says whether there were so many. */
  settle(block: RecordingBlock): boolean {
    const changed = new Map<number, number>()
    for (const [number, connection] of block.told) {
      const settled = this.#numberOf(number, connection)
      if (settled === undefined) return false
      if (settled !== number) changed.set(number, settled)
    }
    if (changed.size > 0) block.renumber(changed)
    return true
  }

  #numberOf(number: number, connection: RecordedConnection): number | undefined {
    const told = tellConnection(number, connection)
    const known = this.#numbers.get(told)
    if (known !== undefined) return known
    const settled = this.connections.has(number) ? this.#nextFree() : number
    if (settled === undefined) return undefined
    this.#numbers.set(told, settled)
    this.connections.set(settled, connection)
    return settled
  }

  #nextFree(): number | undefined {
    while (this.connections.has(this.#free)) this.#free += 1
    return this.#free < CONNECTIONS_MOST ? this.#free : undefined
  }
}
