import type { CaseLook } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { HindraError } from '../errors.ts'
import { type RecheckLook, unverifiable } from './recheck-look.ts'

/** The name of our own line, without a proxy. */
export const DIRECT = 'direct'

export interface VantageLook {
  readonly finding: RecheckLook
  readonly seenFrom: CaseLook['seenFrom']
}

/** The places from where cases are looked at, ours first. Throws INVALID_CONFIG where a name has no proxy. */
export function placesOf({ recheck, fetch }: Pick<Config, 'recheck' | 'fetch'>): readonly string[] {
  const known = Object.keys(fetch.vantages)
  const { vantages = known } = recheck
  const unknown = vantages.find((name) => !known.includes(name))
  if (unknown === undefined) return [DIRECT, ...vantages]
  throw new HindraError('INVALID_CONFIG', `recheck.vantages: fetch.vantages has no "${unknown}"`)
}

/**
 * What several places see together. One that sees it is enough for `present`; `gone` needs all that
 * get through to agree, and two of them where there are two. Others are asked only where the first
 * does not see it. `isUp` says whether the line of a place works: of one that does not nothing is heard.
 */
export async function lookFromAll(
  places: readonly string[],
  ask: (vantage: string) => Promise<RecheckLook>,
  isUp: (vantage: string) => Promise<boolean>,
): Promise<VantageLook> {
  const heard: { readonly vantage: string; readonly finding: RecheckLook }[] = []
  for (const vantage of places) {
    const finding = (await isUp(vantage))
      ? await ask(vantage)
      : unverifiable('own-line', 'our own line is down')
    heard.push({ vantage, finding })
    if (finding.outcome === 'present') break
  }
  const seenFrom = heard.map(({ vantage, finding: { outcome, cause, reason } }) => ({
    vantage,
    outcome,
    cause,
    reason,
  }))
  return { finding: together(heard.map(({ finding }) => finding)), seenFrom }
}

function together(findings: readonly RecheckLook[]): RecheckLook {
  const present = findings.find(({ outcome }) => outcome === 'present')
  if (present !== undefined) return present
  const gone = findings.filter(({ outcome }) => outcome === 'gone')
  const [firstGone] = gone
  const barred = findings.find(({ outcome }) => outcome === 'unverifiable')
  if (firstGone !== undefined && gone.length >= Math.min(2, findings.length)) return firstGone
  if (firstGone !== undefined && barred !== undefined) {
    const reason = `gone from one place only, and from another: ${barred.reason}`
    return unverifiable('vantages-differ', reason)
  }
  return barred ?? unverifiable('own-line', 'nobody looked')
}
