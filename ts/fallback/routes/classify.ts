/** How a pattern is searched for. */
export type PatternClass = 'exact' | 'segments' | 'suffixes' | 'anchored' | 'rest'

export function classify(pattern: string): PatternClass {
  if (!/[*?]/.test(pattern)) return 'exact'
  if (isSegmentSafe(pattern)) return 'segments'
  if (/^\*[^*?]+$/.test(pattern)) return 'suffixes'
  return /[^*?]/.test(pattern) ? 'anchored' : 'rest'
}

/** Whether each segment is literal or a star, the last one perhaps a literal with a star behind. */
function isSegmentSafe(pattern: string): boolean {
  const segments = pattern.split('.')
  const last = segments.pop()!
  return segments.every((segment) => segment === '*' || !/[*?]/.test(segment)) && /^[^*?]*\*?$/.test(last)
}
