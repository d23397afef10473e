import { z } from 'zod'
import { HindraError } from '../errors.ts'
import type { PolicyFile, PolicyFiles } from '../core/index.ts'
import type { Jurisdiction, Law } from './types.ts'

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

const jurisdiction = z.strictObject({
  language: z.string().min(2),
  law: z
    .array(
      law.refine(({ asOf, confirmedBy }) => confirmedBy === null || asOf !== null, {
        error: 'what somebody confirms has the day on which that was done: asOf',
      }),
    )
    .default([]),
  regulator: z.strictObject({ name: z.string().min(1), address: z.email().nullable() }).nullable(),
})

/** Cited where no file of the country exists. */
const FALLBACK = 'EU'

export interface Tables {
  /** Name of the INHOPE hotline of a country. */
  hotline(country: string): string | undefined
  /** Of the country, else of the European Union. */
  jurisdiction(country: string | null): Jurisdiction
  /** Every file of a country, in order of its name. */
  readonly jurisdictions: readonly Jurisdiction[]
}

/** Throws INVALID_CONFIG with every problem of a file at once. */
export function readTables(files: PolicyFiles): Tables {
  const { hotlines } = parsed(inhope, files.read('inhope.yaml'))
  const jurisdictions = new Map<string, Jurisdiction>(
    files.list('jurisdictions').map((file) => {
      const name = file.replace('.yaml', '')
      return [name, { name, ...parsed(jurisdiction, files.read(`jurisdictions/${file}`)) }]
    }),
  )
  const fallback = jurisdictions.get(FALLBACK)
  if (fallback === undefined) {
    throw new HindraError('INVALID_CONFIG', `jurisdictions/${FALLBACK}.yaml is missing`)
  }
  return {
    jurisdictions: [...jurisdictions.values()],
    hotline: (code) => hotlines[code],
    jurisdiction: (code) => (code === null ? fallback : (jurisdictions.get(code) ?? fallback)),
  }
}

/** Those that a letter may cite: somebody has put his name to them. */
export function confirmedLaws({ law }: Pick<Jurisdiction, 'law'>): readonly Law[] {
  return law.filter(({ confirmedBy }) => confirmedBy !== null)
}

/** Those that nobody has put his name to yet: left out of letters, and told to whoever looks after Hindra. */
export function unconfirmedLaws({ law }: Pick<Jurisdiction, 'law'>): readonly Law[] {
  return law.filter(({ confirmedBy }) => confirmedBy === null)
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  { path, content }: PolicyFile,
): z.output<Schema> {
  const result = schema.safeParse(content)
  if (result.success) return result.data
  const problems = result.error.issues.map(
    (issue) => `${issue.path.map(String).join('.') || 'the file'}: ${issue.message}`,
  )
  throw new HindraError('INVALID_CONFIG', `${path}: ${problems.join('; ')}`)
}
