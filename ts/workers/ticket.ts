import type { SchemaData } from '../bus/index.js'
import { Schema } from '../bus/index.js'
import type { Backend } from '../core.js'
import { show, TickbusError } from '../errors.js'
import { LAYOUT_HASH } from '../layout.js'
import type { Polling } from './polling.js'
import { Roster } from './roster.js'

/**
 * What a thread needs to attach to a bus: plain data and one SharedArrayBuffer. Put it anywhere in `workerData`, use it
 * as often as there are threads. It is of use in this process only.
 */
export interface Ticket {
  /** Version of the ticket's own form. */
  readonly tickbus: 1
  readonly layout: number
  readonly pid: number
  readonly roster: SharedArrayBuffer
  /** Names that threads have taken. */
  readonly names: SharedArrayBuffer
  readonly backend: Backend
  readonly epochNs: bigint
  readonly openedNs: bigint
  readonly schema: SchemaData
  readonly ringRecords: number
  readonly slabBytes: number
  readonly slackRecords: number
  readonly polling: Polling
  readonly traderId: string | undefined
  readonly onHandlerError: 'report' | 'throw'
  readonly freeze: boolean
  readonly topicCache: number
}

/** Room for the names that threads of a bus take: see `GroupNames`. */
export const NAMES_BYTES = 8 * 1_024

/** What a ticket says of the bus, apart from the form. */
export type TicketFacts = Omit<Ticket, 'tickbus' | 'layout' | 'pid'>

export function writeTicket(facts: TicketFacts): Ticket {
  return { tickbus: 1, layout: LAYOUT_HASH, pid: process.pid, ...facts }
}

/**
 * Checks a ticket, and opens the roster that it leads to.
 *
 * @throws {TickbusError} `TICKBUS_TICKET` if it is none, or of another version, layout or process; `TICKBUS_CLOSED`
 */
export function readTicket(value: unknown): { ticket: Ticket; roster: Roster } {
  const ticket = findTicket(value)
  if (ticket === undefined) throw fault(`expected what bus.ticket() returns, got ${show(value)}`)
  if (ticket.tickbus !== 1) throw fault(`it has form ${show(ticket.tickbus)}, this version of tickbus reads form 1`)
  if (ticket.layout !== LAYOUT_HASH)
    throw fault('it was made by another version of tickbus, whose memory layout differs')
  if (ticket.pid !== process.pid) throw fault(`it belongs to process ${show(ticket.pid)}, this is ${process.pid}`)
  const roster = new Roster(ticket.roster)
  if (!(ticket.names instanceof SharedArrayBuffer) || ticket.names.byteLength !== NAMES_BYTES)
    throw fault('its shared memory is missing; it may come from another process')
  if (roster.closed) throw new TickbusError('TICKBUS_CLOSED')
  return { ticket, roster }
}

/**
 * The schema that an attaching thread works with: its own if it brings one, which must say the same as the ticket's.
 *
 * @throws {TickbusError} `TICKBUS_SCHEMA_MISMATCH`
 */
export function agreeOnSchema(ticket: Ticket, own: Schema | undefined): Schema {
  if (own === undefined) return Schema.fromData(ticket.schema)
  const ours = new Map(own.toData().map((entry) => [entry.template, JSON.stringify(entry)]))
  for (const entry of ticket.schema) {
    if (ours.get(entry.template) !== JSON.stringify(entry)) {
      throw new TickbusError('TICKBUS_SCHEMA_MISMATCH', {
        reason: `${show(entry.template)} is missing or differs here`,
      })
    }
    ours.delete(entry.template)
  }
  for (const template of ours.keys()) {
    throw new TickbusError('TICKBUS_SCHEMA_MISMATCH', { reason: `${show(template)} is unknown to the bus` })
  }
  return own
}

/** A ticket itself, or one under the key `tickbus`, where `spawn` puts it. */
function findTicket(value: unknown): Ticket | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { tickbus } = value as { tickbus?: unknown }
  if (typeof tickbus === 'object') return findTicket(tickbus)
  return tickbus === undefined ? undefined : (value as Ticket)
}

function fault(reason: string): TickbusError {
  return new TickbusError('TICKBUS_TICKET', { reason })
}
