import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import test from 'ava'
import {
  MEMBERS,
  OUTCOME_DELIVERED,
  OUTCOME_RETURNED,
  OUTCOME_WORKER_LOST,
  PORT_WORD_WAITING,
} from '../../dist/layout.js'
import type { SharedGroupOptions } from '../../dist/lane-core.js'
import { loadNative } from '../../dist/native/index.js'
import { codeOf } from '../conformance/backends.js'
import { cores } from './cores.js'
import { groupMemory, portPage, Seat } from './fixtures/shared-seat.mjs'

const onNative = cores.some(({ backend }) => backend === 'native') ? test : test.skip
const lane = { capacity: 1_000, overflow: 'reject', weight: 1, shedTargetNs: 0, shedIntervalNs: 0 } as const
const lanes = [lane, lane, lane, lane]
const refused = 'TICKBUS_SHARED_GROUP'

const options = (changes: Partial<SharedGroupOptions> = {}): SharedGroupOptions => ({
  envelopes: groupMemory(1_024),
  lanes,
  policy: 'strict',
  urgent: 3,
  ageNs: 0,
  ordered: true,
  ...changes,
})

/** A group, and what its members are told. */
function open(changes: Partial<SharedGroupOptions> = {}) {
  const { core } = loadNative()
  const all = options(changes)
  const group = core.openSharedGroup(all)
  const told = { token: group.token, envelopes: all.envelopes, slab: all.slab }
  return { core, group, told, join: (slot: number) => new Seat(core, { ...told, port: portPage(), slot }) }
}

/** A thread that publishes, leases, and stays; with its port. */
async function member(told: object, slot: number, work: { publish: number; wanted: number }) {
  const port = portPage()
  const worker = new Worker(new URL('fixtures/shared-group.mjs', import.meta.url), {
    workerData: { group: told, port, slot, ...work },
  })
  const [{ leased }] = (await once(worker, 'message')) as [{ leased: number[] }]
  const exit = once(worker, 'exit')
  return { leased, port, ended: () => Promise.all([worker.terminate(), exit]) }
}

onNative('messages that one thread publishes run in another', async (t) => {
  const { told, join } = open()
  const consumer = join(0)
  const { ended } = await member(told, 1, { publish: 12, wanted: 0 })
  t.is(consumer.turn(64), 6, 'of each of two keys one at a time')
  t.deepEqual(consumer.values(), [1, 2, 3, 6, 9, 0], 'keys are drawn up to the lane of their most urgent message')
  const seen = consumer.values()
  while (consumer.leased.length > 0) {
    consumer.settle(OUTCOME_DELIVERED)
    consumer.turn(64)
    seen.push(...consumer.values())
  }
  t.deepEqual(
    seen.toSorted((a, b) => a - b),
    Array.from({ length: 12 }, (_, value) => value),
  )
  for (const key of [1, 2]) {
    const ofKey = seen.filter((value) => value % 3 === key)
    t.deepEqual(
      ofKey,
      ofKey.toSorted((a, b) => a - b),
    )
  }
  await ended()
})

onNative('what a terminated thread had leased ends as lost, and what it had published stays', async (t) => {
  const { group, told, join } = open()
  const { leased, port, ended } = await member(told, 1, { publish: 20, wanted: 4 })
  t.is(leased.length, 4)
  t.is(
    codeOf(() => group.adopt(1, port)),
    refused,
    'it is still there',
  )
  await ended()
  t.is(
    codeOf(() => join(1)),
    refused,
    'its seat waits for somebody to clear up',
  )
  t.is(
    codeOf(() => group.adopt(1, portPage())),
    refused,
    'another page',
  )
  const other = join(0)
  t.is(group.adopt(1, port), 0)
  t.is(
    codeOf(() => group.adopt(1, port)),
    refused,
    'once',
  )
  t.is(other.settled(OUTCOME_WORKER_LOST), 4)
  let delivered = 0
  while (other.turn(64) > 0) {
    delivered += other.leased.length
    other.settle(OUTCOME_DELIVERED)
  }
  t.is(delivered, 16)
  t.is(other.settled(OUTCOME_DELIVERED), 16)
  t.deepEqual([...other.words.subarray(PORT_WORD_WAITING, PORT_WORD_WAITING + 4)], [0, 0, 0, 0])
  t.notThrows(() => join(1))
})

onNative('a sleeping member is rung by whoever publishes, once', (t) => {
  const { join } = open()
  const [sleeper, publisher] = [join(0), join(1)]
  t.is(sleeper.turn(16, 1), 0)
  publisher.publish(1, 0, 5)
  publisher.turn(0)
  t.is(publisher.ring, 1)
  publisher.publish(1, 0, 6)
  publisher.turn(0)
  t.is(publisher.ring, 0)
  t.is(sleeper.turn(16), 2)
})

onNative('leaving gives back what was leased, and all calls after it do nothing', (t) => {
  const { join } = open()
  const [one, other] = [join(0), join(1)]
  one.publish(1, 7, 5)
  t.is(one.turn(16), 1)
  t.is(other.turn(16, 1), 0)
  t.is(one.port.leave(), 2, 'the sleeper')
  t.is(one.port.leave(), 0)
  t.is(one.port.alloc(0, 8), 0)
  t.notThrows(() => {
    one.port.turn()
    one.port.inspect()
    one.port.clear()
  })
  t.is(other.turn(16), 1)
  other.settle(OUTCOME_RETURNED)
  t.is(other.turn(16), 1)
})

onNative('bytes are found in the slab while there is room, and come back with their envelope', (t) => {
  const slab = new Uint8Array(new SharedArrayBuffer(65_536))
  const { join } = open({ slab })
  const seat = join(0)
  t.is(seat.port.alloc(0, 100), 0, 'not in the free list')
  for (let round = 0; round < 10; round++) {
    seat.publish(0, 0, round)
    const [number] = [seat.words[192]!]
    t.true(seat.port.alloc(number, 40_000) > 0)
    t.is(seat.port.alloc(number, 2_000_000), 0, 'more than there can be')
    t.true(seat.port.alloc(number, 40_000) > 0)
    t.is(seat.turn(1), 1)
    seat.settle(OUTCOME_DELIVERED)
    seat.turn(0)
  }
})

onNative('what cannot be is refused with a code, and leaves no seat taken', (t) => {
  const { core, told, group } = open()
  const page = portPage()
  const join = (changes: object) => codeOf(() => core.joinSharedGroup({ ...told, port: page, slot: 0, ...changes }))
  t.is(join({ token: 0xffff_ffff }), refused)
  t.is(join({ envelopes: groupMemory(1_024) }), refused)
  t.is(join({ slab: new Uint8Array(new SharedArrayBuffer(65_536)) }), refused)
  t.is(join({ slot: MEMBERS }), 'TICKBUS_ARGUMENT')
  t.is(join({ slot: -1 }), 'TICKBUS_ARGUMENT')
  t.is(join({ port: new Uint8Array(3_072) }), 'TICKBUS_ARGUMENT')
  t.is(join({ port: page.subarray(8) }), 'TICKBUS_ARGUMENT')
  t.is(join({}), 'nothing was thrown')
  t.is(join({ port: portPage() }), refused, 'the seat is taken')
  const openWith = (changes: object) => codeOf(() => core.openSharedGroup(options(changes)))
  t.is(openWith({ lanes: [] }), 'TICKBUS_ARGUMENT')
  t.is(openWith({ urgent: 5 }), 'TICKBUS_ARGUMENT')
  t.is(openWith({ lanes: [{ ...lane, capacity: 0 }, lane, lane, lane] }), refused)
  t.is(openWith({ slab: new Uint8Array(new SharedArrayBuffer(1_024)) }), refused)
  t.is(openWith({ envelopes: new Uint8Array(128) }), 'TICKBUS_ARGUMENT')
  group.close()
  t.is(join({ slot: 1 }), refused, 'it was closed')
  t.is(
    codeOf(() => group.adopt(0, page)),
    refused,
  )
})

onNative('threads that are terminated in the middle of turns leave a group that goes on', async (t) => {
  const { group, told, join } = open()
  const seat = join(0)
  for (let round = 0; round < 6; round++) {
    const port = portPage()
    const running = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(new URL('fixtures/shared-storm.mjs', import.meta.url), {
      workerData: { group: told, port, slot: 1, running },
    })
    await Atomics.waitAsync(running, 0, 0).value
    for (let turn = 0; turn < 200; turn++) {
      seat.turn(16)
      seat.settle(OUTCOME_DELIVERED)
    }
    const exit = once(worker, 'exit')
    await worker.terminate()
    await exit
    group.adopt(1, port)
  }
  while (seat.turn(64) > 0) seat.settle(OUTCOME_DELIVERED)
  seat.turn(0)
  t.deepEqual([...seat.words.subarray(PORT_WORD_WAITING, PORT_WORD_WAITING + 4)], [0, 0, 0, 0])
  t.true(seat.settled(OUTCOME_DELIVERED) > 0)
})
