import { show } from '../../errors.js'

/** What a reply can hold once its numbers are text. */
export type Json = string | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

/** A string or a number of a text that is known to be JSON. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g

/**
 * Reads JSON with every number as the text that stands there, since how many decimals a venue writes says more than the
 * double.
 *
 * @throws {SyntaxError} if the text is not JSON.
 */
export function readJson(text: string): Json {
  // Only of valid JSON can the tokens be found in one pass, without trying again from each character.
  JSON.parse(text)
  return JSON.parse(text.replace(TOKEN, (token) => (token.startsWith('"') ? token : `"${token}"`))) as Json
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of an own property; undefined for `toString` and the like. */
export function valueOf(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** A value as it should read in a reason: short, and without asking an object from outside what it is called. */
export function showJson(value: Json | undefined): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' && value !== null ? 'an object' : show(value)
}
