import type { KnownItem } from '../src/register/index.ts'
import { standingOf } from '../src/register/standing.ts'

const POLICY = { fourEyes: true, reviewOnly: [], arrivesAs: 'proposed' } as const

/** An item as the register would show it if one entry of the own list said this of it. */
export function knownItem(
  change: Partial<KnownItem> & Pick<KnownItem, 'id' | 'fingerprints'>,
): KnownItem {
  const { status = 'verified', classification = 'Baseline' } = change
  const entry = {
    list: 'own',
    listKind: 'own',
    status,
    classification,
    disabledUntil: null,
  } as const
  return {
    kind: 'image',
    quality: 100,
    joined: [],
    vouched: change.fingerprints,
    ...standingOf({ entries: [entry], quarantinedAt: null }, new Map([['own', POLICY]]), ''),
    ...change,
  }
}
