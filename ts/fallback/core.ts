import type { Core, JoinOptions, Membership } from '../core.js'
import { MEMBER_WORD_BELL, MEMBER_WORDS, MEMBERS, ROSTER_HEADER_WORDS, ROSTER_WORDS } from '../layout.js'
import { openAutoscaler } from './autoscale/index.js'
import { Doorbell } from './doorbell.js'
import { checkJoin } from './join.js'
import { JsSchedule } from './lanes/index.js'
import { isMatching } from './pattern.js'
import { JsRoutes } from './routes/index.js'

/** The backend in JavaScript. */
export const jsCore: Core = {
  backend: 'js',
  isMatching,
  openRoutes: (answer) => new JsRoutes(answer),
  openSchedule: (options) => new JsSchedule(options),
  openAutoscaler,
  join,
}

function join(options: JoinOptions): Membership {
  checkJoin(options)
  const { roster, slot, wake } = options
  const control = new Int32Array(roster.buffer, roster.byteOffset, ROSTER_WORDS)
  const doorbell = new Doorbell(control, bellWord(slot), wake)
  let left = false
  return {
    ring(other) {
      if (other >= 0 && other < MEMBERS) Doorbell.ring(control, bellWord(other))
    },
    leave() {
      if (left) return
      left = true
      doorbell.remove()
    },
  }
}

function bellWord(slot: number): number {
  return ROSTER_HEADER_WORDS + slot * MEMBER_WORDS + MEMBER_WORD_BELL
}
