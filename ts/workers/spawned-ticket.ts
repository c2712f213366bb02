import type { Ticket } from './ticket.js'

let adopted: Ticket | undefined
let used = false

/** Remembers the ticket that this thread was spawned with. */
export function adoptTicket(ticket: Ticket): void {
  adopted = ticket
}

/** The ticket that this thread was spawned with, if it was, for attaching with it. */
export function spawnedTicket(): Ticket | undefined {
  used = adopted !== undefined
  return adopted
}

/** Whether somebody has asked for the ticket. */
export function ticketWasUsed(): boolean {
  return used
}
