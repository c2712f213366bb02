import { badArgument, checkWhole, TickbusError } from '../errors.js'
import type { SharedGroupOptions, SharedPortOptions } from '../lane-core.js'
import { ENVELOPE_BYTES, LANES_MOST, MEMBERS, PORT_WORDS } from '../layout.js'

/** @throws {TickbusError} `TICKBUS_ARGUMENT` */
export function checkSharedGroup(options: SharedGroupOptions): void {
  const { envelopes, slab, lanes, urgent } = options
  checkMemory('envelopes', envelopes)
  if (envelopes.byteLength % ENVELOPE_BYTES !== 0) {
    throw badArgument('envelopes', `a multiple of ${ENVELOPE_BYTES} bytes`, envelopes.byteLength)
  }
  if (slab !== undefined) checkMemory('slab', slab)
  if (lanes.length === 0 || lanes.length > LANES_MOST) throw badArgument('lanes', `1 to ${LANES_MOST} lanes`, lanes.length)
  for (const lane of lanes) {
    checkWhole('capacity', lane.capacity, 0, 0xffff_ffff)
    checkWhole('weight', lane.weight, 0, 0xffff)
  }
  checkWhole('urgent', urgent, 0, lanes.length)
}

/** @throws {TickbusError} `TICKBUS_ARGUMENT` */
export function checkSharedPort({ token, envelopes, slab, port, slot }: SharedPortOptions): void {
  checkWhole('token', token, 0, 0xffff_ffff)
  checkWhole('slot', slot, 0, MEMBERS - 1)
  checkMemory('envelopes', envelopes)
  if (slab !== undefined) checkMemory('slab', slab)
  checkPort(port)
}

/** @throws {TickbusError} `TICKBUS_ARGUMENT` */
export function checkPort(port: Uint8Array): void {
  checkMemory('port', port)
  if (port.byteLength !== 4 * PORT_WORDS) throw badArgument('port', `${4 * PORT_WORDS} bytes`, port.byteLength)
}

/** A refusal that the addon has put into words. */
export function refusedGroup(error: unknown): TickbusError {
  return new TickbusError('TICKBUS_SHARED_GROUP', { reason: (error as Error).message }, error)
}

function checkMemory(name: string, view: Uint8Array): void {
  if (!(view instanceof Uint8Array) || !(view.buffer instanceof SharedArrayBuffer)) {
    throw badArgument(name, 'a Uint8Array over a SharedArrayBuffer', view)
  }
  if (view.byteLength === 0 || view.byteLength % 8 !== 0 || view.byteOffset % 8 !== 0) {
    throw badArgument(name, 'memory that begins and ends at a multiple of 8 bytes', view.byteLength)
  }
}
