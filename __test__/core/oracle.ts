const STAR = 42
const QUESTION = 63

/** Whether `pattern` matches all of `topic`, by a table of which beginnings of the one match which of the other. */
export function matchesByTable(topic: Uint8Array, pattern: Uint8Array): boolean {
  // For each length of the topic's beginning: does it match the pattern's beginning so far?
  const matches = new Uint8Array(topic.length + 1)
  matches[0] = 1
  for (const byte of pattern) {
    if (byte === STAR) {
      for (let end = 1; end <= topic.length; end += 1) matches[end] |= matches[end - 1]!
    } else {
      for (let end = topic.length; end > 0; end -= 1) {
        const isSame = byte === QUESTION || byte === topic[end - 1]
        matches[end] = isSame ? matches[end - 1]! : 0
      }
      matches[0] = 0
    }
  }
  return matches[topic.length] === 1
}
