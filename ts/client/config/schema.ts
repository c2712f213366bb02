import * as v from 'valibot'
import { ENVELOPES_MOST } from '../../layout.js'
import { choice, expected, flag, number, text, whole } from './field.js'

/** Lanes that are always there, the least urgent first: their places are their priorities. */
export const standardLanes = ['low', 'normal', 'high', 'critical'] as const

/** What lanes of one's own are called. */
export const LANE_NAME = /^[a-z][a-zA-Z0-9_-]{0,31}$/

const lane = {
  capacity: v.optional(whole(1, ENVELOPES_MOST, 'Most messages that wait.')),
  overflow: v.optional(
    choice(
      ['block', 'reject', 'dropOldest', 'dropNewest', 'conflate', 'spill'],
      'What happens to a message that does not fit. Critical loses nothing and waits for no disk: "block" or "reject".',
    ),
  ),
  timeoutMs: v.optional(number(0, 60_000, 'Longest wait of "block", in milliseconds.')),
  spillMb: v.optional(number(0.1, 1_048_576, 'Largest file of "spill", in MiB, one for each group.')),
  highWater: v.optional(number(0, 1, 'Share of the capacity from which on a lane is behind; above lowWater.')),
  lowWater: v.optional(number(0, 1, 'Share of the capacity from which on it has caught up; below highWater.')),
  weight: v.optional(whole(1, 65_535, 'Messages in a round of policy "weighted".')),
  shed: v.optional(
    v.pipe(
      v.strictObject(
        {
          targetMs: v.optional(number(0.001, 60_000, 'The wait that is acceptable, in milliseconds.')),
          intervalMs: v.optional(
            number(0.001, 60_000, 'How long messages must have waited longer before one is shed, in milliseconds.'),
          ),
        },
        expected('an object with targetMs and intervalMs'),
      ),
      v.description(
        'Lets go of messages while the lane is behind (RFC 8289). Only with dropOldest, dropNewest or conflate.',
      ),
    ),
  ),
}

const standardLane = v.optional(v.strictObject(lane, expected('an object')))

const place =
  'Place among the lanes, a different one for each. low 0, normal 1, high 2 and critical 3 are taken; 2.5 lies between high and critical. From 3 on a lane is urgent.'
const ownLane = v.optional(v.strictObject({ priority: number(0, 15, place), ...lane }, expected('an object')))

const route = v.strictObject(
  { pattern: text('Topics that it is for, with * and ?.'), lane: text('Name of a lane.') },
  expected('an object with pattern and lane'),
)

const entries = {
  preset: v.optional(
    choice(['development', 'production', 'highFrequency'], 'Where everything comes from that is not given.'),
  ),
  lanes: v.optional(
    v.pipe(
      v.objectWithRest(
        { low: standardLane, normal: standardLane, high: standardLane, critical: standardLane },
        ownLane,
        expected('an object of lanes by name'),
      ),
      v.description('The lanes low, normal, high and critical, and up to 12 of your own by name.'),
    ),
  ),
  policy: v.optional(choice(['strict', 'weighted', 'deadline', 'fifo'], 'In which order waiting messages run.')),
  ageMs: v.optional(
    number(
      0,
      86_400_000,
      'How long a message of a lower lane waits before "strict" lets it through, in milliseconds; 0 for ever.',
    ),
  ),
  workers: v.optional(
    v.pipe(
      v.strictObject(
        {
          min: v.optional(whole(1, 1_024, 'Fewest, not more than max.')),
          max: v.optional(whole(1, 1_024, 'Most.')),
        },
        expected('an object with min and max'),
      ),
      v.description('Concurrency slots of each group.'),
    ),
  ),
  autoscale: v.optional(
    flag(
      'Whether slots follow the load between min and max. Left out, they do where you give both and they differ, and otherwise as the preset says.',
    ),
  ),
  memoryMb: v.optional(number(1, 65_536, 'Most memory for everything that waits, in MiB.')),
  payloadBytes: v.optional(whole(64, 16 * 1024 * 1024, 'Longest encoded payload, in bytes.')),
  spillDir: v.optional(text('Folder for the files of lanes that spill.')),
  journal: v.optional(
    v.pipe(
      v.strictObject(
        {
          dir: text('The directory, made if only it is missing.'),
          sync: v.optional(choice(['always', 'interval', 'os'], 'When what is written is synced to the disk.')),
          syncIntervalMs: v.optional(number(0, 60_000, 'Longest time from a record to its sync with "interval".')),
          segmentBytes: v.optional(whole(2 ** 12, 2 ** 30, 'Most bytes of a file.')),
          queueBytes: v.optional(whole(2 ** 16, 2 ** 30, 'Most bytes that wait to be written.')),
          retainBytes: v.optional(
            whole(0, Number.MAX_SAFE_INTEGER, 'Files that everybody has acknowledged are kept up to so many bytes.'),
          ),
          retainMs: v.optional(
            number(0, Number.MAX_SAFE_INTEGER, 'They are kept no longer than so many milliseconds.'),
          ),
        },
        expected('an object with dir'),
      ),
      v.description('Where messages of topics that may not lose any are written before anybody gets them.'),
    ),
  ),
  routes: v.optional(
    v.pipe(
      v.array(route, expected('a list of { pattern, lane }')),
      v.description(
        "Which lane a topic takes if neither its schema nor the publisher says so. The first that matches decides; yours come before the preset's.",
      ),
    ),
  ),
}

/** What code and the environment may say. */
export const configSchema = v.strictObject(entries, expected('an object'))

/** What a configuration file may say: tickbus.schema.json is made from it. */
export const fileSchema = v.strictObject(
  { $schema: v.optional(text('Where editors find the description of this file.')), ...entries },
  expected('an object'),
)
