import { z } from 'zod'
import { type PolicyFiles, readPolicyFile } from '../policy/index.ts'
import { ACTION_NAMES, CLASS_NAMES } from './terms.ts'

const NAME = z.string().min(1).max(200)
const CODE = z.int().min(0).max(10_000)
const REASON = z.int().min(1).max(21)

function named<const Fields extends readonly string[]>(...fields: Fields) {
  const shape = Object.fromEntries(fields.map((field) => [field, NAME]))
  return z.strictObject(shape as Record<Fields[number], typeof NAME>)
}

function coded<const Words extends readonly string[]>(words: Words) {
  const shape = Object.fromEntries(words.map((word) => [word, CODE]))
  return z.strictObject(shape as Record<Words[number], typeof CODE>)
}

const schema = z.strictObject({
  version: z.literal(1),
  asOf: NAME,
  paths: named(
    'authentication',
    'queue',
    'reports',
    'assessment',
    'hosting',
    'assignedCountry',
    'reference',
    'actions',
  ),
  resultsMax: z.int().min(1).max(10_000),
  queues: z.strictObject({ tips: z.array(NAME).min(1), others: z.array(NAME) }),
  report: named(
    'analyst',
    'receivedAt',
    'reference',
    'memo',
    'sourceUrl',
    'referrer',
    'urls',
    'assessment',
  ),
  content: named(
    'url',
    'reference',
    'country',
    'address',
    'provider',
    'isSource',
    'memo',
    'type',
    'assessment',
    'actions',
  ),
  contentTypes: coded(['media', 'website'] as const),
  assessment: named('analyst', 'classification'),
  classifications: coded(CLASS_NAMES),
  actions: coded(ACTION_NAMES),
  reasons: z.partialRecord(z.enum(ACTION_NAMES), REASON),
  refused: z.array(z.int().min(400).max(599)),
  assumed: z.strictObject({
    login: named('user', 'password', 'refresh'),
    token: named('access', 'refresh', 'until'),
    content: named('id', 'assigned', 'reportedAt'),
    report: named('id', 'contents'),
    action: named('type', 'analyst', 'reason', 'country'),
    assigned: named('country'),
    refusal: NAME,
  }),
})

/** What ICCAM calls things: see `policy/iccam.yaml`. */
export type IccamNames = z.infer<typeof schema>

/** Throws INVALID_CONFIG, naming the field. */
export function readIccamNames(files: Pick<PolicyFiles, 'read'>): IccamNames {
  return readPolicyFile(files, 'iccam.yaml', schema)
}
