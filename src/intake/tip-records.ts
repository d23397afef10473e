import { canonicalUrl, type Sealer } from '../core/index.ts'
import { Collection, type Key, type Row } from '../store/index.ts'
import type { Tip, TipChange, TipInput, TipSource, TipStatus } from './types.ts'

export interface TipClear {
  readonly status: TipStatus
  readonly source: TipSource
  readonly priority: 1 | 2 | 3
  readonly receivedAt: string
  readonly submittedBy: string
  readonly caseId: string | null
  /** Absent where one case answers it. */
  readonly caseIds?: readonly string[]
  /** Absent from records of versions that did not ask. */
  readonly inDangerNow?: boolean
  /** The import that brought it; absent where it came alone, and on tips from before imports had ids. */
  readonly importId?: string
}

export interface TipSealed extends Omit<TipInput, 'source' | 'priority' | 'inDangerNow'> {
  /** Absent until its sender tells something new of it. */
  readonly changes?: readonly TipChange[]
}

export type TipRow = Row<TipClear, TipSealed>

export function tipCollection(sealer: Sealer): Collection<TipClear, TipSealed> {
  return new Collection('tip', sealer)
}

/** Where the ids of all tips on one URL are; the URL itself stays sealed. */
export function urlPlace(sealer: Sealer, url: string): Key {
  return ['tip-url', sealer.digest('tip-url', canonicalUrl(url))]
}

/** What makes a tip the same one when it is sent again; undefined without its sender's reference. */
export function senderPlace(
  sealer: Sealer,
  { source, reference, url }: Pick<TipInput, 'source' | 'reference' | 'url'>,
): Key | undefined {
  if (reference === undefined) return undefined
  const told = JSON.stringify([source, reference, canonicalUrl(url)])
  return ['tip-sender', sealer.digest('tip-sender', told)]
}

export function tipOf({ id, clear, sealed }: TipRow): Tip {
  const { caseId, inDangerNow = false, ...others } = clear
  return { id, ...others, inDangerNow, ...sealed, ...(caseId === null ? {} : { caseId }) }
}
