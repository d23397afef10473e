import { z } from 'zod'
import { refanged } from '../core/index.ts'

/** An id that is told whole: where a list goes on, or what stands within a record. */
export const exactId = z.string().regex(/^[\w-]{1,64}$/, 'is not an id')

/** A URL as a person brings it: also one that was made unclickable, as people hand them on. */
export const url = z.string().min(1).transform(refanged)

export const reason = z.string().trim().min(1).max(4_000)

/** ISO 3166-1 alpha-2. */
export const isoCountry = z
  .string()
  .regex(/^[A-Z]{2}$/, 'a country is two capital letters (ISO 3166-1)')
/** The addresses of the origin behind a proxy. */
export const addresses = z.array(z.union([z.ipv4(), z.ipv6()], 'is no IP address')).max(16)

/** Null where it is not known. */
export const country = isoCountry.nullable()

const profileWord = z.string().min(1).max(256).nullable().exactOptional()

export const circumstances = z.strictObject({
  ownRequest: z.boolean().exactOptional(),
  account: z.boolean().exactOptional(),
  childCountry: country.exactOptional(),
  offenderCountry: country.exactOptional(),
  referral: z.boolean().exactOptional(),
  inDangerNow: z.boolean().exactOptional().describe('A child is in danger at this moment'),
  childMunicipality: z
    .string()
    .min(1)
    .max(64)
    .nullable()
    .exactOptional()
    .describe("Code or name of the municipality where the child lives: '0180', 'Stockholm'"),
  profileId: profileWord.describe('Of an account: the lasting id that its platform knows it by'),
  profileName: profileWord.describe('Of an account: the name that it shows'),
})

/** A page of a list: the id to go on behind, and how many rows at most. */
export const page = {
  after: exactId.exactOptional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
}

export const listName = z.string().min(1).max(255)

const ANSWERS_MAX = 500
const answer = z.string().min(1).max(256)

/** To the questions of the house, by their ids. */
export const answers = z
  .record(z.string().max(64), z.union([answer, z.array(answer).min(1).max(ANSWERS_MAX)]))
  .refine((given) => Object.keys(given).length <= ANSWERS_MAX, `up to ${ANSWERS_MAX} answers`)
  .describe('Of `assessments.questions`, by id: a term, or several')
