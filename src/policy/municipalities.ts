import { z } from 'zod'
import { HindraError } from '../errors.ts'
import { type PolicyFiles, readPolicyFile } from './policy-files.ts'

/** A municipality (`kommun`) of the home country, by its official code. */
export interface Municipality {
  /** Four digits, the first two the county's: `0180`. */
  readonly code: string
  /** The name without the word kommun: `Stockholm`. */
  readonly name: string
}

export interface Municipalities {
  /** ISO 3166-1 alpha-2 of the country that they are in. */
  readonly country: string
  readonly all: readonly Municipality[]
  /**
   * Finds it by its code or its name, in any case, with or without the word kommun or stad. Throws INVALID_INPUT naming
   * `field` where there is none of that code or name.
   */
  find(codeOrName: string, field: string): Municipality
  /** The municipality of a code; undefined where the file knows none of that code (any more). */
  of(code: string): Municipality | undefined
}

const file = z.strictObject({
  version: z.literal(1),
  country: z.string().regex(/^[A-Z]{2}$/),
  asOf: z.string().min(4),
  municipalities: z.record(
    z.string().regex(/^\d{4}$/, 'a code is four digits, in quotes'),
    z.string().min(1),
  ),
})

/** Words that are no part of a name: `Stockholms stad`, `Göteborgs kommun`, `Region Gotland`. */
const KIND = /^region |(?: kommun| stad)$/g

/** Throws INVALID_CONFIG with every problem of the file at once. */
export function readMunicipalities(files: PolicyFiles): Municipalities {
  const { country, municipalities } = readPolicyFile(files, 'municipalities.yaml', file)
  const all = Object.entries(municipalities).map(([code, name]) => ({ code, name }))
  const byCode = new Map(all.map((one) => [one.code, one]))
  const byName = new Map(all.map((one) => [plain(one.name), one]))
  return {
    country,
    all,
    of: (code) => byCode.get(code),
    find(codeOrName, field) {
      const asked = plain(codeOrName)
      // "Stockholms stad" has the s of the genitive, which names that end in s do not get.
      const genitive = asked.endsWith('s') ? byName.get(asked.slice(0, -1)) : undefined
      const found = byCode.get(asked) ?? byName.get(asked) ?? genitive
      if (found !== undefined) return found
      throw new HindraError('INVALID_INPUT', { says: 'municipality-unknown', field }, { field })
    },
  }
}

function plain(text: string): string {
  return text.trim().normalize('NFC').toLowerCase().replaceAll(KIND, '').trim()
}
