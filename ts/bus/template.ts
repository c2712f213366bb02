import { show } from '../errors.js'
import { isWellFormed } from './text-field.js'

/** Longest template, like a topic, in UTF-8 bytes. */
const MOST_BYTES = 255

/** Says what is wrong with a topic template; undefined if nothing is. */
export function templateFault(template: string): string | undefined {
  if (Buffer.byteLength(template) > MOST_BYTES) return `it is longer than ${MOST_BYTES} bytes`
  if (!isWellFormed(template)) return 'it has half of a surrogate pair'
  if (template.trim() === '') return 'it is empty or blank'
  const segments = template.split('.')
  for (const segment of segments) {
    if (segment === '') return 'it has an empty segment'
    if (/[*?]/.test(segment)) return 'it contains a wildcard; use {name} for what varies'
    if (/[{}]/.test(segment) && !isParameter(segment))
      return `the segment ${show(segment)} is no {name}, nor without braces`
  }
  const parameters = segments.filter(isParameter)
  const repeated = parameters.find((parameter, i) => parameters.indexOf(parameter) < i)
  return repeated === undefined ? undefined : `it says ${repeated} twice`
}

/** Whether a segment stands for any text. */
export function isParameter(segment: string): boolean {
  return /^\{\w+\}$/.test(segment)
}

/** What decides between templates: two of one shape fit the same topics. */
export function shapeOf(template: string): string {
  return template
    .split('.')
    .map((segment) => (isParameter(segment) ? '{}' : segment))
    .join('.')
}
