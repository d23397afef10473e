import type { Municipalities } from '../policy/index.ts'
import { HindraError } from '../errors.ts'
import type { Circumstances } from './case.ts'

export const NO_CIRCUMSTANCES: Circumstances = {
  ownRequest: false,
  account: false,
  childCountry: null,
  offenderCountry: null,
  referral: false,
  inDangerNow: false,
  childMunicipality: null,
  profileId: null,
  profileName: null,
}

/** Throws INVALID_INPUT naming the field. */
export function checkCircumstances(change: Partial<Circumstances>): void {
  for (const field of ['childCountry', 'offenderCountry'] as const) {
    const country = change[field] ?? null
    if (country === null || /^[A-Z]{2}$/.test(country)) continue
    throw new HindraError(
      'INVALID_INPUT',
      { says: 'country-code' },
      {
        field: `circumstances.${field}`,
      },
    )
  }
  const { childMunicipality: code = null } = change
  if (code === null || /^\d{4}$/.test(code)) return
  throw new HindraError(
    'INVALID_INPUT',
    { says: 'municipality-code' },
    {
      field: 'circumstances.childMunicipality',
    },
  )
}

/** Circumstances with the code of a municipality in place of its name. Throws INVALID_INPUT naming the field. */
export function placed(
  municipalities: Municipalities,
  said: Partial<Circumstances> = {},
): Partial<Circumstances> {
  const { childMunicipality: place = null } = said
  if (place === null) return said
  const { code } = municipalities.find(place, 'circumstances.childMunicipality')
  return { ...said, childMunicipality: code }
}
