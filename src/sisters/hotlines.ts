import { z } from 'zod'
import { type PolicyFiles, readPolicyFile } from '../policy/index.ts'
import { HindraError } from '../errors.ts'

const FILE = 'sisters.yaml'
const HOTLINES_MAX = 500
const SENDERS_MAX = 100
const LABELS_MAX = 20

const domain = z.hostname().transform((name) => name.toLowerCase())
const sender = z
  .string()
  .transform((text) => text.trim().toLowerCase())
  .pipe(z.union([z.email(), z.string().regex(/^@[a-z0-9.-]+\.[a-z0-9-]+$/)], 'is no mail address'))
const label = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .transform((text) => text.toLowerCase())

const file = z.strictObject({
  version: z.literal(1),
  hotlines: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).max(200),
        senders: z.array(sender).min(1).max(SENDERS_MAX),
        urls: z.array(label).max(LABELS_MAX).default([]),
        reference: z.array(label).max(LABELS_MAX).default([]),
      }),
    )
    .max(HOTLINES_MAX),
  ignore: z.array(domain).default([]),
})

/** A hotline whose mail becomes tips by itself. */
export type SisterHotline = z.infer<typeof file>['hotlines'][number]

export interface SisterHotlines {
  /** Domains whose URLs are no tips, whoever tells of them. */
  readonly ignored: readonly string[]
  /** The hotline whose address that is, by itself before its domain. */
  of(address: string): SisterHotline | undefined
}

/** `policy/sisters.yaml`. Throws INVALID_CONFIG, naming the field. */
export function readSisterHotlines(files: Pick<PolicyFiles, 'read'>): SisterHotlines {
  const { hotlines, ignore } = readPolicyFile(files, FILE, file)
  const bySender = new Map<string, SisterHotline>()
  for (const hotline of hotlines) {
    for (const address of hotline.senders) {
      const other = bySender.get(address)
      if (other !== undefined && other !== hotline) {
        const { path } = files.read(FILE)
        const message = `${path}: ${address} is of ${other.name} and of ${hotline.name}`
        throw new HindraError('INVALID_CONFIG', message)
      }
      bySender.set(address, hotline)
    }
  }
  return {
    ignored: ignore,
    of(address) {
      const lower = address.toLowerCase()
      return bySender.get(lower) ?? bySender.get(lower.slice(lower.lastIndexOf('@')))
    },
  }
}
