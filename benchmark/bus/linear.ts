/** What one writes first: a list of patterns, tried one after the other with the same greedy matcher as ours. */
import { loadCore } from '../boundary/inside.js'

export type Scan = (topic: string, found: (index: number) => void) => void

export async function linearScan(patterns: readonly string[]): Promise<Scan> {
  const { isMatching } = await loadCore('js')
  return (topic, found) => {
    for (let index = 0; index < patterns.length; index++) if (isMatching(topic, patterns[index])) found(index)
  }
}
