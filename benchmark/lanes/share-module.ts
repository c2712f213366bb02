/** Handles a message where a module does the work: for a group of Tickbus, and for piscina. */
import { takeShare } from './shares.js'

const take = await takeShare()

export default function handle(message: unknown): void {
  take(message)
}
