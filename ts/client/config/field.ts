import * as v from 'valibot'
import { show } from '../../errors.js'
import { suggestion } from './suggestion.js'

/** A whole number. */
export function whole(least: number, most: number, about: string) {
  const fault = expected(`a whole number from ${count(least)} to ${count(most)}`)
  return v.pipe(
    v.number(fault),
    v.integer(fault),
    v.minValue(least, fault),
    v.maxValue(most, fault),
    v.description(about),
  )
}

export function number(least: number, most: number, about: string) {
  const fault = expected(`a number from ${count(least)} to ${count(most)}`)
  return v.pipe(v.number(fault), v.minValue(least, fault), v.maxValue(most, fault), v.description(about))
}

export function text(about: string) {
  return v.pipe(v.string(expected('a text')), v.description(about))
}

export function flag(about: string) {
  return v.pipe(v.boolean(expected('true or false')), v.description(about))
}

/** One of a few words. `refusals` are words that deserve an answer of their own. */
export function choice<const T extends string>(
  words: readonly T[],
  about: string,
  refusals: Record<string, string> = {},
) {
  const fault = ({ input }: { input: unknown }): string =>
    refusals[String(input)] ?? `expected ${listed(words)}, got ${show(input)}${suggestion(input, words)}`
  return v.pipe(v.picklist(words, fault), v.description(about))
}

/** The sentence about a value that is something else than `what`. */
export function expected(what: string) {
  return ({ input }: { input: unknown }): string => `expected ${what}, got ${show(input)}`
}

/** "a", "b" or "c" */
export function listed(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`)
  return quoted.length === 1 ? quoted[0]! : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}

/** 16,777,216 */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}
