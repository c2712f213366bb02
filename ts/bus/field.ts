import { MOST_TEXT_BYTES } from './text-field.js'

/**
 * What a field of a `record({ … })` holds.
 *
 * `f64` is a number; `i8` to `i32` and `u8` to `u32` are whole numbers in their range; `i64` and `u64` are bigints; `bool`
 * is true or false; `ns` is UNIX nanoseconds as a bigint, within 104 days of the bus epoch; `text(n)` is text of at most
 * n bytes of UTF-8, n from 1 to 255.
 */
export type FieldType = NumberType | 'i64' | 'u64' | 'ns' | 'bool' | TextType
type NumberType = 'f64' | 'i8' | 'i16' | 'i32' | 'u8' | 'u16' | 'u32'
type TextType = `text(${number})`

/** The fields of a record, by name. */
export type Fields = Readonly<Record<string, FieldType>>

/** The message that a record of such fields carries. */
export type RecordOf<F extends Fields> = { -readonly [Name in keyof F]: ValueOf<F[Name]> }

type ValueOf<F extends FieldType> = F extends NumberType
  ? number
  : F extends 'i64' | 'u64' | 'ns'
    ? bigint
    : F extends 'bool'
      ? boolean
      : string

/**
 * How a type is kept, and the JavaScript that does it. The texts refer to the views of the memory, `doubles`, `longs`,
 * `words` and `bytes`, to `at`, the double before the fields, and to `epoch`; `offset` is in bytes from the first field.
 */
export interface FieldForm {
  readonly bytes: number
  /** The field begins at a multiple of this many bytes. */
  readonly alignment: number
  /** What a value must be, for whoever gave another one. */
  readonly expected: string
  /** An expression that is true if `value` is one. */
  accepts(value: string): string
  write(offset: number, value: string): string
  read(offset: number): string
}

/** The form of a type; undefined if there is no such type. */
export function fieldForm(type: unknown): FieldForm | undefined {
  if (typeof type !== 'string') return undefined
  const length = /^text\(([1-9]\d{0,2})\)$/.exec(type)
  if (length === null) return FORMS.get(type)
  const most = Number(length[1])
  return most <= MOST_TEXT_BYTES ? text(most) : undefined
}

const double = (offset: number): string => `doubles[at + ${1 + offset / 8}]`
const long = (offset: number): string => `longs[at + ${1 + offset / 8}]`
const word = (offset: number): string => `words[2 * at + ${2 + offset / 4}]`
const byteAt = (offset: number): string => `8 * at + ${8 + offset}`
const byte = (offset: number): string => `bytes[${byteAt(offset)}]`
const pair = (offset: number): string => `${byte(offset)} | ${byte(offset + 1)} << 8`

const FORMS: ReadonlyMap<string, FieldForm> = new Map<string, FieldForm>([
  [
    'f64',
    {
      bytes: 8,
      alignment: 8,
      expected: 'a number',
      accepts: (value) => `typeof ${value} === 'number'`,
      write: (offset, value) => `${double(offset)} = ${value}`,
      read: double,
    },
  ],
  [
    'i32',
    whole(
      4,
      'from -2,147,483,648 to 2,147,483,647',
      (value) => `${value} | 0`,
      (offset) => `${word(offset)} | 0`,
    ),
  ],
  ['u32', whole(4, 'from 0 to 4,294,967,295', (value) => `${value} >>> 0`, word)],
  [
    'i16',
    whole(
      2,
      'from -32,768 to 32,767',
      (value) => `${value} << 16 >> 16`,
      (offset) => `(${pair(offset)}) << 16 >> 16`,
    ),
  ],
  ['u16', whole(2, 'from 0 to 65,535', (value) => `${value} & 0xffff`, pair)],
  [
    'i8',
    whole(
      1,
      'from -128 to 127',
      (value) => `${value} << 24 >> 24`,
      (offset) => `${byte(offset)} << 24 >> 24`,
    ),
  ],
  ['u8', whole(1, 'from 0 to 255', (value) => `${value} & 0xff`, byte)],
  ['i64', wide('a bigint of 64 bits', 'asIntN', long)],
  ['u64', wide('a bigint of 64 bits, not negative', 'asUintN', (offset) => `BigInt.asUintN(64, ${long(offset)})`)],
  [
    'ns',
    {
      bytes: 8,
      alignment: 8,
      expected: 'UNIX nanoseconds as a bigint',
      accepts: (value) => `typeof ${value} === 'bigint'`,
      write: (offset, value) => `${double(offset)} = ${value}`,
      read: (offset) => `readNs(${double(offset)}, epoch)`,
    },
  ],
  [
    'bool',
    {
      bytes: 1,
      alignment: 1,
      expected: 'true or false',
      accepts: (value) => `typeof ${value} === 'boolean'`,
      write: (offset, value) => `${byte(offset)} = ${value} ? 1 : 0`,
      read: (offset) => `${byte(offset)} !== 0`,
    },
  ],
])

/** A whole number: what 32-bit arithmetic makes of it must be the number itself. */
function whole(
  bytes: 1 | 2 | 4,
  range: string,
  narrowed: (value: string) => string,
  read: (offset: number) => string,
): FieldForm {
  const writes = {
    1: (offset: number, value: string) => `${byte(offset)} = ${value}`,
    2: (offset: number, value: string) => `${byte(offset)} = ${value}; ${byte(offset + 1)} = ${value} >> 8`,
    4: (offset: number, value: string) => `${word(offset)} = ${value}`,
  }
  return {
    bytes,
    alignment: bytes,
    expected: `a whole number ${range}`,
    accepts: (value) => `typeof ${value} === 'number' && (${narrowed(value)}) === ${value}`,
    write: writes[bytes],
    read,
  }
}

function wide(expected: string, fold: 'asIntN' | 'asUintN', read: (offset: number) => string): FieldForm {
  return {
    bytes: 8,
    alignment: 8,
    expected,
    accepts: (value) => `typeof ${value} === 'bigint' && BigInt.${fold}(64, ${value}) === ${value}`,
    write: (offset, value) => `${long(offset)} = ${value}`,
    read,
  }
}

function text(most: number): FieldForm {
  return {
    bytes: 1 + most,
    alignment: 1,
    expected: `well-formed text of at most ${most} bytes`,
    accepts: (value) => `fitsText(${value}, ${most})`,
    write: (offset, value) => `writeText(bytes, ${byteAt(offset)}, ${value})`,
    read: (offset) => `readText(bytes, ${byteAt(offset)}, ${most})`,
  }
}
