import { fc } from '@fast-check/ava'

/** Numbers that choose among the ways to write a frame. */
export const seed = fc.array(fc.nat(999), { minLength: 7, maxLength: 23 })

export const decimal = fc
  .tuple(fc.integer({ min: 1, max: 10 ** 9 }), fc.integer({ min: 0, max: 8 }))
  .map(([digits, places]) => (digits / 10 ** places).toFixed(places))

export const whole = fc.integer({ min: 0, max: 2 ** 48 })

/** Ways to write the same thing, chosen by the numbers of `seed` one after the other. */
function* choices(numbers: readonly number[]): Generator<number, never> {
  for (let i = 0; ; i += 1) yield numbers[i % numbers.length]!
}

/**
 * A frame as somebody else would write it: other order, white space, unknown fields, escapes; numbers with and without
 * quotes, but for those that are numbers in a list.
 */
export function write(message: unknown, numbers: readonly number[]): string {
  const chance = choices(numbers)
  const space = () => ['', ' ', '\t\n', '  \r\n '][chance.next().value % 4]!
  const text = (value: string) =>
    chance.next().value % 8 === 0
      ? `"${[...value].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`
      : JSON.stringify(value)
  const isNumber = (value: unknown) => typeof value === 'string' && /^(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value)
  const either = (value: unknown) => (chance.next().value % 2 === 0 ? String(value) : text(String(value)))
  const item = (value: unknown) => (typeof value === 'number' ? String(value) : any(value))
  const object = (value: object): string => {
    const unknown = ['{"deep":[[1,{"b":"2"}]]}', '"ä€😀"', 'null', '-1.5e-7', '[]'][chance.next().value % 5]!
    const entries = Object.entries(value).filter(([, member]) => member !== undefined)
    const members = [...entries.map(([name, member]) => [name, any(member)] as const), ['unknown', unknown] as const]
      .map((member, i) => [chance.next().value + i / 100, member] as const)
      .toSorted(([a], [b]) => a - b)
      .map(([, [name, written]]) => `${text(name)}${space()}:${space()}${written}`)
    return `{${space()}${members.join(`${space()},${space()}`)}${space()}}`
  }
  const any = (value: unknown): string => {
    if (Array.isArray(value)) return `[${space()}${value.map(item).join(`${space()},${space()}`)}${space()}]`
    if (isNumber(value) || typeof value === 'number') return either(value)
    if (typeof value === 'object' && value !== null) return object(value)
    return typeof value === 'string' ? text(value) : JSON.stringify(value)
  }
  return `${space()}${any(message)}${space()}`
}

/** Which frame is changed where, with which byte, and how. */
export type Change = readonly [which: number, where: number, byte: number, how: number]

export const changes = fc.array(fc.tuple(fc.nat(5), fc.nat(900), fc.nat(255), fc.nat(2)), { maxLength: 6 })

/** The frames with bytes put in the place of others, taken out, or put in between. */
export function change(frames: readonly string[], changed: readonly Change[]): Buffer[] {
  const bytes = frames.map((frame) => Buffer.from(frame))
  for (const [which, where, byte, how] of changed) {
    const frame = bytes[which % bytes.length]!
    if (frame.length === 0) continue
    const at = where % frame.length
    const between = how === 0 ? [byte] : how === 1 ? [] : [byte, frame[at]!]
    bytes[which % bytes.length] = Buffer.concat([frame.subarray(0, at), Buffer.from(between), frame.subarray(at + 1)])
  }
  return bytes
}
