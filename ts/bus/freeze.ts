/**
 * Freezes a message and everything that it refers to by properties. The contents of typed arrays, maps and sets cannot
 * be frozen, and stay as they are.
 */
export function deepFreeze(message: unknown): void {
  if (typeof message !== 'object' || message === null || frozen.has(message)) return
  frozen.add(message)
  if (!ArrayBuffer.isView(message)) Object.freeze(message)
  for (const value of Object.values(message)) deepFreeze(value)
}

/** What was frozen here. Whoever froze an object elsewhere may have left what it refers to. */
const frozen = new WeakSet<object>()
