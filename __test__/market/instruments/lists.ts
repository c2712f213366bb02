import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { marketData } from '../samples.js'

/** One reply of a venue, and where it came from. */
export interface InstrumentList {
  /** The file's name without its endings: `binance_us`. */
  readonly venue: string
  readonly url: string
  readonly body: string
}

/** Lists written by hand, a file each venue. */
export const written: readonly InstrumentList[] = writtenLists()

/**
 * Lists as the venues gave them, 21 files that are not part of the project. None where they are not there.
 */
export function recordedLists(): InstrumentList[] {
  const path = `${marketData}/venues/instruments/`
  if (!existsSync(path)) return []
  const files = readdirSync(path).filter((name) => name.endsWith('.gz'))
  return files.toSorted().flatMap((name) => split(name, gunzipSync(readFileSync(path + name)).toString()))
}

function writtenLists(): InstrumentList[] {
  const path = fileURLToPath(new URL('lists/', import.meta.url))
  return readdirSync(path)
    .toSorted()
    .flatMap((name) => split(name, readFileSync(path + name, 'utf8')))
}

/** `URL -> time: body`, as often as it comes; a list that was fetched again says the same. */
function split(file: string, text: string): InstrumentList[] {
  const venue = file.split('.', 1)[0]!
  const parts = text.split(/^(https:\S+) -> [\d.]+: /m)
  const found = new Map<string, InstrumentList>()
  for (let at = 1; at < parts.length; at += 2) {
    const url = parts[at]!
    // The recordings end with a line that says what the recorder subscribed to.
    const body = parts[at + 1]!.replace(/^configuration: .*$/m, '').trim()
    if (!found.has(url)) found.set(url, { venue, url, body })
  }
  return [...found.values()]
}
