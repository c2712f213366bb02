/** What is said of a delivery, by its handler or by how that ended. The first word counts. */
export interface Word {
  readonly kind:
    | 'acknowledged'
    | 'failed'
    | 'nacked'
    | 'postponed'
    | 'terminated'
    | 'timedOut'
    | 'undecodable'
    | 'fenced'
  /** What was thrown, if anything was. */
  readonly error: unknown
  /** The wait until the next attempt, in milliseconds; undefined for the group's own. */
  readonly delayMs: number | undefined
  /** Why there shall be none. */
  readonly note: string | undefined
}

export const ACKNOWLEDGED = word('acknowledged')
/** The client gives up, or there is no handler. */
export const CLOSED = word('failed')
export const TIMED_OUT = word('timedOut')
/** No word counts any more, and the first one that comes all the same is counted. */
export const FENCED = word('fenced')
/** It has come. */
export const FENCED_AND_HEARD = word('fenced')

export function failed(error: unknown): Word {
  return { ...word('failed'), error }
}

export function undecodable(error: unknown): Word {
  return { ...word('undecodable'), error }
}

export function nacked(delayMs: number | undefined): Word {
  return { ...word('nacked'), delayMs }
}

export function postponed(delayMs: number | undefined): Word {
  return { ...word('postponed'), delayMs }
}

export function terminated(note: string): Word {
  return { ...word('terminated'), note }
}

function word(kind: Word['kind']): Word {
  return { kind, error: undefined, delayMs: undefined, note: undefined }
}
