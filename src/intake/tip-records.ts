import { canonicalUrl, defined, type FindToken, referenceTokens, urlTokens } from '../core/index.ts'
import {
  type Digester,
  foundBy,
  type Key,
  keySpace,
  type IndexPlace,
  type Row,
  table,
  TokenIndex,
} from '../store/index.ts'
import type { Waiting } from './tip-queue.ts'
import type {
  Dismissal,
  SeenFile,
  Tip,
  TipChange,
  TipInput,
  TipSource,
  TipStatus,
} from './tip-fields.ts'

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
  /** When somebody dismissed it, and why, where a reason of the list was given; absent in records of before. */
  readonly dismissed?: { readonly at: string; readonly why?: Dismissal }
}

export interface TipSealed extends Omit<TipInput, 'source' | 'priority' | 'inDangerNow'> {
  /** Absent until its sender tells something new of it. */
  readonly changes?: readonly TipChange[]
  /** Absent until Hindra has looked. */
  readonly seen?: SeenFile
}

export type TipRow = Row<TipClear, TipSealed>

const found = foundBy<TipRow>(keySpace('tip-found'), ({ sealed }): FindToken[] => [
  ...(sealed.url === undefined ? [] : urlTokens(canonicalUrl(sealed.url))),
  ...urlTokens(sealed.pageUrl),
  ...referenceTokens(sealed.reference),
])

/** What of a tip figures count. */
export type TipFacts = Row<
  Pick<TipClear, 'status' | 'source' | 'receivedAt' | 'caseId' | 'caseIds' | 'dismissed'>,
  Pick<TipSealed, 'ownRequest' | 'category'>
>

export function factsOf({ id, clear, sealed: { ownRequest, category } }: TipRow): TipFacts {
  const { status, source, receivedAt, caseId, caseIds, dismissed } = clear
  return {
    id,
    clear: { status, source, receivedAt, caseId, ...defined({ caseIds, dismissed }) },
    sealed: defined({ ownRequest, category }),
  }
}

export const tipTable = table<TipClear, TipSealed>(keySpace('tip')).with({
  by: {
    found,
    url: {
      keys: keySpace('tip-url'),
      at: ({ sealed: { url } }, sealer) => url !== undefined && urlPlace(sealer, url),
    },
    /** Tips at whose URLs Hindra saw the same bytes. */
    bytes: {
      keys: keySpace('tip-bytes'),
      at: ({ sealed: { seen } }, sealer) => seen !== undefined && bytesPlace(sealer, seen.sha256),
    },
    queue: {
      keys: keySpace('tip-queue'),
      at: ({ clear }) => clear.status === 'new' && [clear.priority],
      note: (row) => JSON.stringify(waitingOf(row)),
    },
  },
})

export type TipTokens = TokenIndex<TipClear, TipSealed>

export function tipTokens(
  tips: Pick<ReturnType<typeof tipTable>, 'name' | 'rows'>,
  sealer: Digester,
): TipTokens {
  return new TokenIndex(tips, found, sealer)
}

/** The place of all tips on one URL; the URL itself stays sealed. */
export function urlPlace(sealer: Digester, url: string): IndexPlace {
  return [sealer.digest('tip-url', canonicalUrl(url))]
}

/** The place of all tips that show one file; its digest stays sealed. */
export function bytesPlace(sealer: Digester, sha256: string): IndexPlace {
  return [sealer.digest('tip-bytes', sha256)]
}

const BY_SENDER = keySpace('tip-sender')

/** What makes a tip the same one when it is sent again; undefined without its sender's reference. */
export function senderPlace(
  sealer: Digester,
  { source, reference, url }: Pick<TipInput, 'source' | 'reference' | 'url'>,
): Key | undefined {
  if (reference === undefined) return undefined
  const told = JSON.stringify([source, reference, url === undefined ? null : canonicalUrl(url)])
  return BY_SENDER(sealer.digest('tip-sender', told))
}

export function waitingOf({ id, clear, sealed }: TipRow): Waiting {
  const { source, priority, receivedAt, importId, inDangerNow = false } = clear
  const { ownRequest = false } = sealed
  const isListed = importId !== undefined
  return { id, source, priority, receivedAt, inDangerNow, ownRequest, isListed }
}

export function tipOf({ id, clear, sealed }: TipRow): Tip {
  const { caseId, inDangerNow = false, ...others } = clear
  return { id, ...others, inDangerNow, ...sealed, ...(caseId === null ? {} : { caseId }) }
}
