import test from 'ava'
import { type Fields, json, type Priority, quote, record, type Schema, topics } from '../../dist/bus/index.js'
import { agreeOnSchema } from '../../dist/workers/ticket.js'
import { codeOf } from '../conformance/backends.js'

const fields = { price: 'f64', symbol: 'text(12)' } as const
const make = (priority: Priority, layout: Fields = fields, key?: () => string) =>
  topics({ 'data.{x}': quote(), 'own.{x}': record(layout, { priority, ...(key && { key }) }), 'orders.{x}': json() })
const agree = (schema: Schema | undefined, ours: Schema) => () =>
  agreeOnSchema({ schema: structuredClone(ours.toData()) } as never, schema)

test('a thread without a schema of its own works with the ticket’s', (t) => {
  const ours = make(2)
  const schema = agree(undefined, ours)()
  t.is(JSON.stringify(schema.toData()), JSON.stringify(ours.toData()))
})

test('a thread’s own schema is taken if it says the same', (t) => {
  const own = make(2)
  t.is(agree(own, make(2))(), own)
})

test('a schema that differs in a template, a type, an option, a field or its order is refused', (t) => {
  const ours = make(2)
  const others = [
    make(1),
    make(2, { ...fields, price: 'i64' }),
    make(2, { symbol: 'text(12)', price: 'f64' }),
    make(2, { ...fields, more: 'u8' }),
    make(2, fields, () => 'key'),
    topics({ 'data.{x}': quote() }),
    topics({ ...make(2).definition, more: quote() }),
  ]
  for (const other of others) t.is(codeOf(agree(other as Schema, ours)), 'TICKBUS_SCHEMA_MISMATCH')
})
