import { z } from 'zod'
import { type PolicyFiles, readPolicyFile } from '../policy/index.ts'

const FILE = 'queue.yaml'
const HOURS_MAX = 10_000

const hours = z.int().min(0).max(HOURS_MAX)
const schema = z.strictObject({
  version: z.string().min(1).max(32),
  hours: z.strictObject({
    danger: hours,
    ownRequest: hours,
    priority1: hours,
    priority2: hours,
    priority3: hours,
  }),
})

/** Within how many hours of its arrival a tip should be looked at, by what is said of it. */
export type QueueHours = Readonly<z.output<typeof schema>['hours']>

/** From the most urgent on: none has fewer hours than the one before it. */
const ORDER = ['danger', 'ownRequest', 'priority1', 'priority2', 'priority3'] as const

/** Reads the file of the house, or the shipped one. Throws INVALID_CONFIG. */
export function readQueueHours(files: Pick<PolicyFiles, 'read'>): QueueHours {
  return readPolicyFile(files, FILE, schema, ({ hours: said }) =>
    ORDER.flatMap((name, at) => {
      const before = ORDER[at - 1]
      return before === undefined || said[before] <= said[name]
        ? []
        : [`hours.${name}: what is less urgent than ${before} cannot have to be looked at sooner`]
    }),
  ).hours
}
