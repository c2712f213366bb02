/** Lets all promise jobs run. */
export function jobs(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
