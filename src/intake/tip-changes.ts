import type { TipClear, TipRow, TipSealed } from './tip-records.ts'
import type { TipChange, TipInput, TipStatus } from './tip-fields.ts'

/** Older changes of one tip are told by the audit alone. */
const CHANGES_KEPT = 20

/** What a sender may tell anew; source, reference and URL are what makes it the same tip. */
const TOLD = [
  ...(['pageUrl', 'note', 'hashes', 'ownRequest', 'childMunicipality'] as const),
  ...(['words', 'category', 'seenIn', 'country'] as const),
]

/**
 * What a tip that is sent again says that it did not say before. What its sender leaves out this
 * time stays as it was, and its urgency is only ever raised: nobody loses a word by being brief.
 */
export function toldAnew(
  { clear, sealed }: TipRow,
  input: TipInput,
): {
  readonly clear: Pick<TipClear, 'priority' | 'inDangerNow'>
  readonly sealed: TipSealed
  readonly before: TipChange['before']
} {
  const before: Record<string, unknown> = {}
  let told = sealed
  for (const field of TOLD) {
    const said = input[field]
    if (said === undefined || JSON.stringify(said) === JSON.stringify(sealed[field])) continue
    before[field] = sealed[field] ?? null
    told = { ...told, [field]: said }
  }
  const isMoreUrgent = input.priority < clear.priority
  if (isMoreUrgent) before['priority'] = clear.priority
  const isInDanger = input.inDangerNow === true
  if (isInDanger && clear.inDangerNow !== true) before['inDangerNow'] = false
  return {
    clear: {
      priority: isMoreUrgent ? input.priority : clear.priority,
      inDangerNow: isInDanger || clear.inDangerNow === true,
    },
    sealed: told,
    before,
  }
}

export function withChange(sealed: TipSealed, change: TipChange): TipSealed {
  return { ...sealed, changes: [...(sealed.changes ?? []), change].slice(-CHANGES_KEPT) }
}

/** An assessment stands while its case is worked on; else news brings a tip back to the queue. */
export function statusTold(status: TipStatus, isNews: boolean, isCovered: boolean): TipStatus {
  if (isCovered) return status === 'assessed' ? status : 'known'
  return isNews ? 'new' : status
}

export function hasNews({ before }: ReturnType<typeof toldAnew>): boolean {
  return Object.keys(before).length > 0
}
