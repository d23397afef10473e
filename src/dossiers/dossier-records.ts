import { HOUR_MS, idsFrom, isoTime } from '../core/index.ts'
import { type Context, keySpace, type Row, table, take, type Transaction } from '../store/index.ts'
import type { SectionDigests } from './content.ts'
import type { DossierState } from './terms.ts'

const DAY_MS = 24 * HOUR_MS

interface DossierClear {
  readonly caseId: string
  readonly state: DossierState
  readonly proposedBy: string
  readonly proposedAt: string
  readonly digest: string
  readonly needsAnother: boolean
  /** Of whoever released or withdrew it. */
  readonly ended: { readonly by: string; readonly at: string } | null
  readonly released: {
    readonly digest: string
    readonly fileSha256: string
    readonly fileBytes: number
    readonly keys: readonly string[]
  } | null
}

interface DossierSealed {
  readonly to: string
  readonly reason: string
  readonly withdrawnFor: string | null
  /** What the case was when it was proposed. */
  readonly sections: SectionDigests
  /** As it left, so that it can be had again: nobody but its reader can open it. */
  readonly file: { readonly name: string; readonly text: string } | null
}

export type DossierRow = Row<DossierClear, DossierSealed>

const dossierTable = table<DossierClear, DossierSealed>(keySpace('dossier')).with({
  by: {
    case: { keys: keySpace('dossier-case'), at: ({ clear }) => [clear.caseId] },
    proposer: { keys: keySpace('dossier-proposer'), at: ({ clear }) => [clear.proposedBy] },
    /** By who released it, and on which day. */
    releaser: {
      keys: keySpace('dossier-releaser'),
      at: ({ clear: { state, ended } }) =>
        state === 'released' && ended !== null && [ended.by, dayOf(ended.at)],
    },
  },
})

export function createDossierRecords({ sealer, clock }: Pick<Context, 'sealer' | 'clock'>) {
  const rows = dossierTable(sealer)

  return {
    add: rows.add.bind(rows),
    change: rows.change.bind(rows),
    need: rows.need.bind(rows),

    /** In order of proposing; of one case alone where one is named. */
    page(
      tx: Transaction,
      {
        caseId,
        ...page
      }: { readonly caseId?: string; readonly after?: string; readonly limit?: number },
    ): Promise<readonly DossierRow[]> {
      return take(
        caseId === undefined ? rows.rows(tx, page) : rows.by.case.rows(tx, [caseId], page),
      )
    },

    /** How many this person proposed within the last 24 hours. */
    async proposedBy(tx: Transaction, by: string): Promise<number> {
      const after = idsFrom(clock.now() - DAY_MS)
      return (await take(rows.by.proposer.ids(tx, [by], { after }))).length
    },

    /** How many this person released within the last 24 hours. */
    async releasedBy(tx: Transaction, by: string): Promise<number> {
      const since = isoTime(clock.now() - DAY_MS)
      let count = 0
      for (const day of new Set([dayOf(since), dayOf(isoTime(clock.now()))])) {
        for (const { clear } of await take(rows.by.releaser.rows(tx, [by, day]))) {
          if ((clear.ended?.at ?? '') > since) count += 1
        }
      }
      return count
    },

    /** Resolves to what was erased. */
    async eraseCase(tx: Transaction, caseId: string): Promise<readonly DossierRow[]> {
      const found = await take(rows.by.case.rows(tx, [caseId]))
      for (const row of found) rows.remove(tx, row)
      return found
    },
  }
}

/** The day (UTC) of a time in ISO 8601. */
function dayOf(time: string): string {
  return time.slice(0, 10)
}
