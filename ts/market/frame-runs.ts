/** From so many frames in the same memory on it is worth a call of its own. */
const RUN_LEAST = 4

/**
 * The frames from one on that are best decoded in one call: those of one read of a socket, which lie in the same memory and
 * are found there without asking for each; or all before the next such run.
 */
export function runOf(frames: readonly Uint8Array[], first: number): readonly Uint8Array[] {
  let end = endOfMemory(frames, first)
  if (end - first < RUN_LEAST) {
    for (let next = end; next < frames.length; end = next) {
      next = endOfMemory(frames, end)
      if (next - end >= RUN_LEAST) break
    }
  }
  return end - first === frames.length ? frames : frames.slice(first, end)
}

/** Where the frames end that lie in the memory of the first one. */
function endOfMemory(frames: readonly Uint8Array[], first: number): number {
  const { buffer } = frames[first]
  let end = first + 1
  while (end < frames.length && frames[end].buffer === buffer) end += 1
  return end
}
