import type { Audit } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, type Transaction } from '../store/index.ts'
import type { SeenFile, Tip } from './tip-fields.ts'
import { bytesPlace, tipOf, type TipRow, tipTable } from './tip-records.ts'

type TipTable = ReturnType<typeof tipTable>

/** What Hindra itself saw at the URLs of tips: which of them show one and the same file. */
export interface SeenFiles {
  /**
   * Notes what was fetched at the URL of a tip just now. A case that covers it makes a new tip `known`. Throws
   * NOT_FOUND.
   */
  note(
    tx: Transaction,
    by: string,
    tipId: string,
    sha256: string,
    caseId: string | undefined,
  ): Promise<Tip>
  /** What is there is not known any more: it could not be had, or is no single file. Throws NOT_FOUND. */
  forget(tx: Transaction, tipId: string): Promise<void>
  /** How many tips show the file, whatever became of them. */
  count(tx: Transaction, sha256: string): Promise<number>
  /** The new tips that show a file which others show too, the file that most show first. */
  groups(tx: Transaction): Promise<readonly SameFile[]>
}

/** One file that several new tips show. */
export interface SameFile {
  /** The tip that arrived first. */
  readonly first: string
  readonly tipIds: readonly string[]
}

export function createSeenFiles(
  { sealer, clock }: Pick<Context, 'sealer' | 'clock'>,
  audit: Audit,
): SeenFiles {
  const tips = tipTable(sealer)
  return {
    async note(tx, by, tipId, sha256, caseId) {
      const row = await tips.need(tx, tipId)
      const seen: SeenFile = { at: isoTime(clock.now()), sha256 }
      const isCovered = caseId !== undefined && row.clear.status === 'new'
      const clear = isCovered ? ({ ...row.clear, status: 'known', caseId } as const) : row.clear
      const after: TipRow = { id: tipId, clear, sealed: { ...row.sealed, seen } }
      tips.change(tx, row, after)
      // The digest of what may be innocent does not go into what is kept longest.
      const detail = { status: clear.status, ...(isCovered ? { case: caseId } : {}) }
      audit.append(tx, { by, action: 'tip.look', subject: tipId, detail })
      return tipOf(after)
    },

    async forget(tx, tipId) {
      const row = await tips.need(tx, tipId)
      const { seen, ...sealed } = row.sealed
      if (seen !== undefined) tips.change(tx, row, { ...row, sealed })
    },

    count: (tx, sha256) => tips.by.bytes.count(tx, bytesPlace(sealer, sha256)),

    async groups(tx) {
      const ids = new Map<string, string[]>()
      for await (const { id, sealed } of tips.by.queue.rows(tx, [])) {
        if (sealed.seen === undefined) continue
        const group = ids.get(sealed.seen.sha256)
        if (group === undefined) ids.set(sealed.seen.sha256, [id])
        else group.push(id)
      }
      return [...ids.values()]
        .filter(({ length }) => length > 1)
        .map((group) => group.toSorted())
        .toSorted((a, b) => b.length - a.length)
        .map((tipIds) => ({ first: tipIds[0] ?? '', tipIds }))
    },
  }
}

/** The tips that show what a tip shows. Throws NOT_FOUND, NOT_LOOKED_AT where that is not known. */
export async function alikeRows(
  tx: Transaction,
  tips: TipTable,
  sealer: Context['sealer'],
  tipId: string,
  after?: string,
): Promise<AsyncIterable<TipRow>> {
  const { seen } = (await tips.need(tx, tipId)).sealed
  if (seen !== undefined) return tips.by.bytes.rows(tx, bytesPlace(sealer, seen.sha256), { after })
  throw new HindraError('NOT_LOOKED_AT', `Hindra has not seen what is at the URL of tip ${tipId}`)
}
