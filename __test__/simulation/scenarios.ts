import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTrace, type Trace } from '../../dist/simulation/index.js'
import { root } from '../house/checkout.js'

/** Path of one of the traces that come with Tickbus. */
export function scenarioFile(name: string): string {
  return join(root, `examples/autoscale/${name}.json`)
}

export function scenario(name: string): Trace {
  return readTrace(JSON.parse(readFileSync(scenarioFile(name), 'utf8')), name)
}
