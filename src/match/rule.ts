import { createHash } from 'node:crypto'
import type { MatchPolicy } from './match.ts'

/**
 * The version of the code that makes a verdict of evidence (`judge`, the `weigh` functions and what they count). It
 * goes up with every change after which the same numbers, under the same thresholds, may come to another verdict: what
 * was confirmed before is then judged anew (`rejudge`).
 */
const CODE_VERSION = 6
const DIGEST_HEX = 8

/** The thresholds of a rule, by their names. */
export type Thresholds = Readonly<Record<string, number>>

/** The rule by which a verdict was made. */
export interface MatchRule {
  /** Version of the code and a digest of the thresholds: `1-3fa9c2d1`. */
  readonly id: string
  readonly thresholds: Thresholds
}

export function ruleOf(policy: MatchPolicy): MatchRule {
  const named = Object.entries(policy)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const thresholds = Object.fromEntries(named)
  const digest = createHash('sha256').update(JSON.stringify(named)).digest('hex')
  return { id: `${CODE_VERSION}-${digest.slice(0, DIGEST_HEX)}`, thresholds }
}
