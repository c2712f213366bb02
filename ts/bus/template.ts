import { show } from '../errors.js'
import { textFault } from './name.js'

/** Says what is wrong with a topic template; undefined if nothing is. */
export function templateFault(template: string): string | undefined {
  const reason = textFault(template)
  if (reason !== undefined) return reason
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
