import { z } from 'zod'
import { HindraError } from '../errors.ts'
import { own } from '../core/index.ts'
import { type PolicyFiles, readPolicyFile } from '../policy/index.ts'
import type { Jurisdiction, Law } from './law.ts'

const country = z.string().regex(/^[A-Z]{2}$/)

const inhope = z.strictObject({
  version: z.literal(1),
  asOf: z.string().min(4),
  hotlines: z.record(country, z.string().min(1)),
})

const law = z.strictObject({
  en: z.string().min(1),
  sv: z.string().min(1),
  asOf: z.iso.date('a day is YYYY-MM-DD').nullable().default(null),
  confirmedBy: z.string().trim().min(1).nullable().default(null),
})

const signed = law.refine(({ asOf, confirmedBy }) => confirmedBy === null || asOf !== null, {
  error: 'what somebody confirms has the day on which that was done: asOf',
})

const jurisdiction = z.strictObject({
  language: z.string().min(2),
  law: z.array(signed).default([]),
  regulator: z.strictObject({ name: z.string().min(1), address: z.email().nullable() }).nullable(),
})

/** The law of the Union, one in every country of it, so one file speaks of it. */
const union = jurisdiction.extend({
  digitalServicesAct: signed.default({
    en: 'Regulation (EU) 2022/2065',
    sv: 'förordning (EU) 2022/2065',
    asOf: null,
    confirmedBy: null,
  }),
})

/** Cited where no file of the country exists. */
const FALLBACK = 'EU'

export interface Tables {
  /** Name of the INHOPE hotline of a country. */
  hotline(country: string): string | undefined
  /** The law of the country, else of the European Union. */
  jurisdiction(country: string | null): Jurisdiction
  /** Every file of a country, in order of its name. */
  readonly jurisdictions: readonly Jurisdiction[]
  /** The name of Regulation (EU) 2022/2065, and who answers for what letters say of it. */
  readonly digitalServicesAct: Law
}

/** Throws INVALID_CONFIG with every problem of a file at once. */
export function readTables(files: PolicyFiles): Tables {
  const { hotlines } = readPolicyFile(files, 'inhope.yaml', inhope)
  const names = files.list('jurisdictions').map((file) => file.replace('.yaml', ''))
  if (!names.includes(FALLBACK)) {
    throw new HindraError('INVALID_CONFIG', `jurisdictions/${FALLBACK}.yaml is missing`)
  }
  const fileOf = (name: string) => `jurisdictions/${name}.yaml`
  const { digitalServicesAct, ...ofUnion } = readPolicyFile(files, fileOf(FALLBACK), union)
  const fallback: Jurisdiction = { name: FALLBACK, ...ofUnion }
  const jurisdictions = new Map<string, Jurisdiction>(
    names.map((name) => [
      name,
      name === FALLBACK ? fallback : { name, ...readPolicyFile(files, fileOf(name), jurisdiction) },
    ]),
  )
  return {
    digitalServicesAct,
    jurisdictions: [...jurisdictions.values()],
    hotline: (code) => own(hotlines, code),
    jurisdiction: (code) => (code === null ? fallback : (jurisdictions.get(code) ?? fallback)),
  }
}

/** Somebody has put his name to it, so that a letter may cite it. */
export function isConfirmed({ confirmedBy }: Law): boolean {
  return confirmedBy !== null
}

/** The laws that a letter may cite. */
export function confirmedLaws({ law }: Pick<Jurisdiction, 'law'>): readonly Law[] {
  return law.filter(isConfirmed)
}

/** The laws that nobody has put his name to yet: left out of letters, and told to whoever looks after Hindra. */
export function unconfirmedLaws({ law }: Pick<Jurisdiction, 'law'>): readonly Law[] {
  return law.filter((one) => !isConfirmed(one))
}
