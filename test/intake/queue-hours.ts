import { readQueueHours } from '../../src/intake/index.ts'
import { policyFiles } from '../../src/policy/index.ts'

/** As shipped. */
export const QUEUE_HOURS = readQueueHours(policyFiles('/nonexistent'))
