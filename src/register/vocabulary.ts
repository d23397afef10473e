import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { HindraError } from '../errors.ts'
import { CLASSIFICATIONS } from './classification.ts'
import standard from './vocabulary.json' with { type: 'json' }

/** A term and what it means, for people. */
const terms = z.record(
  z.string().regex(/^[A-Za-z0-9][\w-]{0,63}$/, 'is no term'),
  z.string().min(1),
)

const schema = z.strictObject({
  version: z.string().min(1).max(64),
  sources: terms,
  classifications: z.record(z.enum(CLASSIFICATIONS), z.string().min(1)),
  ageBands: terms,
  siteTypes: terms,
  commerciality: terms,
  reasons: terms,
})

/**
 * The words that entries are described with: data, so that a hotline can add to it. Names of ICCAM
 * v3 and of the INHOPE/INTERPOL classification. What the classes mean to the code is in the code.
 */
export type Vocabulary = z.infer<typeof schema>

/** The vocabulary of the file, else the one that comes with Hindra. Throws INVALID_CONFIG with every problem. */
export function readVocabulary(file: string | undefined): Vocabulary {
  const source = file === undefined ? standard : parse(file)
  const parsed = schema.safeParse(source)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new HindraError('INVALID_CONFIG', `${file ?? 'vocabulary'}: ${problems.join('; ')}`)
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown
  } catch (cause) {
    throw new HindraError('INVALID_CONFIG', `${file} is not readable JSON`, { cause })
  }
}
