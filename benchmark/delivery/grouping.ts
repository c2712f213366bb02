/** Messages are kept in groups, as a program would do by hand: all of a group are answered with one promise. */
const GROUP = 64

interface Group {
  readonly payloads: Uint8Array[]
  readonly kept: Promise<void>
  readonly tell: () => void
}

/** Commits what a turn has brought, 64 messages at a time, one group after the other. */
export function inGroups(
  commit: (payloads: Uint8Array[]) => Promise<void> | void,
): (payload: Uint8Array) => Promise<void> {
  const waiting: Group[] = []
  let open: Group | undefined
  const work = async (): Promise<void> => {
    for (let group = waiting[0]; group !== undefined; group = waiting[0]) {
      if (group === open) open = undefined
      await commit(group.payloads)
      waiting.shift()
      group.tell()
      // Who was answered sends again before it is looked whether there is more.
      await group.kept
    }
  }
  return (payload) => {
    if (open === undefined || open.payloads.length === GROUP) {
      open = begin()
      waiting.push(open)
      if (waiting.length === 1) setImmediate(() => void work())
    }
    open.payloads.push(payload)
    return open.kept
  }
}

function begin(): Group {
  let tell = (): void => {}
  const kept = new Promise<void>((resolve) => (tell = resolve))
  return { payloads: [], kept, tell }
}
