import { show, TickbusError } from '../errors.js'
import { KIND_RECORD, KIND_WIDE_RECORD } from '../layout.js'
import type { Epoch } from './epoch.js'
import { fieldForm } from './field.js'
import { checkObject, type RecordCodec } from './record.js'
import type { FieldPlace, RecordLayout } from './record-layout.js'
import { fitsText, readText, writeText } from './text-field.js'

/**
 * Makes the code that writes and reads records of one layout. `number` is the layout's number in the schema.
 *
 * The text of the functions is made of offsets and of field names that are plain identifiers. All fields are fetched and
 * checked before the first is written.
 */
export function compileRecord(layout: RecordLayout, number: number): RecordCodec<Record<string, unknown>> {
  const kind = layout.isInline ? KIND_RECORD : KIND_WIDE_RECORD
  const refuse = (index: number, got: unknown): never => {
    const { name, type } = layout.fields[index]
    const { expected } = fieldForm(type)!
    throw new TickbusError('TICKBUS_RECORD_FIELD', { kind: 'record', field: name, expected, got: show(got) })
  }
  const make = new Function(...Object.keys(CALLED), 'refuse', sourceOf(layout, kind, number))
  const { write, read } = make(...Object.values(CALLED), refuse) as Pick<
    RecordCodec<Record<string, unknown>>,
    'write' | 'read'
  >
  return { kind, name: 'record', slabBytes: layout.isInline ? 0 : layout.bytes, write, read }
}

/** A torn record may hold any double; its message is thrown away, but making it must not throw. */
function readNs(offsetNs: number, epoch: Epoch): bigint {
  return Number.isFinite(offsetNs) ? epoch.unixNsAt(offsetNs) : 0n
}

const CALLED = { checkObject, fitsText, writeText, readText, readNs }

function sourceOf({ fields }: RecordLayout, kind: number, number: number): string {
  const head = (kind | (number << 16)) >>> 0
  return `'use strict'
return {
  write({ doubles, longs, words, bytes }, at, message, epoch) {
    checkObject(message, 'record')
    ${fields.map(take).join('\n    ')}
    ${fields.map(({ type, offset }, i) => fieldForm(type)!.write(offset, `field${i}`)).join('\n    ')}
    return ${head}
  },
  read({ doubles, longs, words, bytes }, at, epoch) {
    return {
      ${fields.map(({ name, type, offset }) => `${name}: ${fieldForm(type)!.read(offset)},`).join('\n      ')}
    }
  },
}`
}

/** Fetches one field into a variable, and refuses what does not fit. */
function take({ name, type }: FieldPlace, i: number): string {
  if (type === 'ns') return `const field${i} = epoch.offsetNs(message.${name}, '${name}', 'record')`
  const refusal = `if (!(${fieldForm(type)!.accepts(`field${i}`)})) refuse(${i}, field${i})`
  return `const field${i} = message.${name}; ${refusal}`
}
