import { HindraError } from '../errors.ts'
import type { ViewName } from '../fingerprint/index.ts'

export const FINDING_CODES = [
  'tiny',
  'near-uniform',
  'low-quality',
  'quality-unknown',
  'low-texture',
  'browser-hash',
  'same-digest',
  'near-duplicate',
  'allow-list',
  'known-material',
  'benign-corpus',
  'retracted-here',
] as const
export type FindingCode = (typeof FINDING_CODES)[number]

/** What speaks for a closer look before somebody verifies an entry. */
export interface Finding {
  readonly code: FindingCode
  /** What was found, in words for a person. */
  readonly detail: string
  /** The item that it resembles. */
  readonly itemId?: string
  /** PDQ distance, 0 to 256. */
  readonly distance?: number
  /** Turned, mirrored or otherwise changed so; absent where it is like it as it is. */
  readonly form?: ViewName
}

/** What is likely to make an entry match innocent pictures: no list can vouch for it. */
const GRAVE: readonly FindingCode[] = ['tiny', 'near-uniform', 'allow-list', 'benign-corpus']

export function isGrave(findings: readonly Finding[]): boolean {
  return findings.some(({ code }) => GRAVE.includes(code))
}

/** Throws FINDINGS_OPEN unless whoever verifies says that they were looked at. */
export function checkAcknowledged(findings: readonly Finding[], acknowledged: boolean): void {
  if (findings.length === 0 || acknowledged) return
  const details = findings.map(({ code, detail }) => `${code} (${detail})`).join('; ')
  throw new HindraError(
    'FINDINGS_OPEN',
    { says: 'findings-open', details },
    {
      field: 'acknowledgeFindings',
    },
  )
}
