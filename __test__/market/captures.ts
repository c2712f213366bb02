import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import test, { type ExecutionContext } from 'ava'
import { marketData } from './samples.js'

const folder = `${marketData}/venues/ws`

/** A frame of a capture and when it was received, UNIX nanoseconds. */
export interface Captured {
  readonly tsInit: bigint
  readonly text: string
}

export function pathOf(name: string): string {
  return `${folder}/${name}`
}

/** The frames of a capture: all its lines but those of the connection and of the client. */
export function capturedIn(name: string): Captured[] {
  const lines = gunzipSync(readFileSync(pathOf(name)))
    .toString()
    .split('\n')
  return lines.flatMap((line) => {
    const parts = /^(\d+)\.(\d+): (.*)$/.exec(line)
    return parts === null ? [] : [{ tsInit: BigInt(parts[1]! + parts[2]!.padEnd(9, '0')), text: parts[3]! }]
  })
}

/** Skips, and says so, where the capture is not there. */
export function withCapture(name: string, title: string, run: (t: ExecutionContext) => void | Promise<void>): void {
  const isHere = existsSync(pathOf(name))
  const declare = isHere ? test : test.skip
  declare(isHere ? title : `${title} (no ${pathOf(name)})`, run)
}

/** UNIX nanoseconds of `2021-04-17T16:43:30.244075Z`. */
export function isoNs(text: string): bigint {
  const [whole, fraction = ''] = text.slice(0, -1).split('.')
  return BigInt(Date.parse(`${whole}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}

/** UNIX nanoseconds of `1618678132.845558`. */
export function secondsNs(text: string | number): bigint {
  const [whole, fraction = ''] = String(text).split('.')
  return BigInt(whole! + fraction.padEnd(9, '0'))
}
