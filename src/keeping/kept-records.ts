import { HINDRA_ITSELF } from '../access/index.ts'
import type { Assignments } from '../assignments/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Batches } from '../batches/index.ts'
import type { Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import type { Dossiers } from '../dossiers/index.ts'
import type { Imports, ListExports } from '../exchange/index.ts'
import type { Iccam } from '../iccam/index.ts'
import type { TipImports, Tips } from '../intake/index.ts'
import type { Looks } from '../looks/index.ts'
import type { Claims, UnmatchedStore } from '../match/index.ts'
import type { Recheck } from '../recheck/index.ts'
import type { Register } from '../register/index.ts'
import type { Transaction } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'
import type { Tipline } from '../tipline/index.ts'

/** One type of record that is not kept for ever. */
export interface Kept {
  readonly type: string
  /** 0 for ever. */
  readonly days: number
  /** Ids of what is from before a time. */
  due(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
  /** How many of them are gone: what is large goes in several steps. */
  erase(tx: Transaction, ids: readonly string[]): Promise<number>
}

export interface RetentionStages {
  readonly assignments: Pick<Assignments, 'end'>
  readonly batches: Pick<Batches, 'before' | 'erase'>
  readonly tips: Tips
  readonly tipline: Pick<Tipline, 'eraseForTips'>
  readonly tipImports: Pick<TipImports, 'before' | 'erase'>
  readonly cases: Cases
  readonly takedown: Takedown
  readonly iccam: Pick<Iccam, 'eraseForCase' | 'eraseForTips'>
  readonly dossiers: Pick<Dossiers, 'eraseForCase'>
  readonly recheck: Recheck
  readonly unmatched: UnmatchedStore
  readonly claims: Claims
  readonly looks: Pick<Looks, 'before' | 'erase'>
  readonly register: Register
  readonly imports: Pick<Imports, 'before' | 'erase'>
  readonly exports: Pick<ListExports, 'before' | 'erase'>
}

/** Every type, in the order in which they are erased: cases before the items that they are of. */
export function keptRecords(
  audit: Audit,
  stages: RetentionStages,
  settings: Config['retention'] & Pick<Config['sightings'], 'unmatchedDays'>,
): readonly Kept[] {
  const { tips, tipImports, cases, takedown, iccam, recheck, unmatched, claims, register } = stages
  const { imports, exports, assignments, batches, dossiers, tipline, looks } = stages
  async function hasCases(tx: Transaction, itemIds: readonly string[]): Promise<boolean> {
    for (const id of itemIds) if (await cases.isOfItem(tx, id)) return true
    return false
  }

  return [
    {
      type: 'tips',
      days: settings.tipDays,
      due: (tx, before, limit) => tips.settledBefore(tx, before, limit),
      erase: together(async (tx, ids) => {
        for (const id of ids) await takedown.tipLetters.erase(tx, id)
        await iccam.eraseForTips(tx, ids)
        await tipline.eraseForTips(tx, HINDRA_ITSELF, ids)
        await tips.erase(tx, ids)
      }),
    },
    ofStage('tip imports', settings.tipDays, tipImports),
    ofStage('batches', settings.tipDays, batches),
    {
      type: 'cases',
      days: settings.caseDays,
      async due(tx, before, limit) {
        const objected = await takedown.objections.openCases(tx)
        const over = await cases.overBefore(tx, before, limit + objected.size)
        return over.filter((id) => !objected.has(id)).slice(0, limit)
      },
      erase: oneByOne(async (tx, id) => {
        await takedown.eraseForCase(tx, id)
        await iccam.eraseForCase(tx, id)
        await dossiers.eraseForCase(tx, id)
        recheck.forget(tx, id)
        await assignments.end(tx, 'case', id)
        await cases.erase(tx, id)
      }),
    },
    ofStage('assessments without a case', settings.caseDays, cases.panels),
    {
      type: 'traces',
      days: settings.traceDays,
      due: (tx, before, limit) => cases.tracedBefore(tx, before, limit),
      erase: oneByOne((tx, id) => cases.eraseTrace(tx, id)),
    },
    {
      type: 'retracted items',
      days: settings.retractedDays,
      async due(tx, before, limit) {
        const found: string[] = []
        for await (const ids of register.retractedBefore(tx, before)) {
          if (found.length >= limit) break
          if (!(await hasCases(tx, ids))) found.push(ids[0])
        }
        return found
      },
      erase: oneByOne((tx, id) => register.erase(tx, id)),
    },
    {
      type: 'pending hits',
      days: settings.claimDays,
      due: (tx, before, limit) => claims.before(tx, before, limit),
      erase: oneByOne((tx, id) => claims.take(tx, id)),
    },
    {
      type: 'unmatched sightings',
      days: settings.unmatchedDays,
      due: (tx, before, limit) => unmatched.oldest(tx, limit, before),
      erase: (tx, ids) => unmatched.erase(tx, ids),
    },
    ofStage('imports', settings.importDays, imports),
    ofStage('days of looking', settings.lookDays, looks),
    ofStage('list exports', settings.listExportDays, exports),
    {
      type: 'audit contents',
      days: settings.auditDays,
      due: (tx, before, limit) => audit.sealedBefore(tx, before, limit),
      erase: together((tx, cursors) => audit.erase(tx, cursors)),
    },
  ]
}

function together(
  erase: (tx: Transaction, ids: readonly string[]) => Promise<void>,
): Kept['erase'] {
  return async (tx, ids) => {
    await erase(tx, ids)
    return ids.length
  }
}

/** @param erase Resolves to false while something of the record is left */
function oneByOne(erase: (tx: Transaction, id: string) => unknown): Kept['erase'] {
  return async (tx, ids) => {
    let gone = 0
    for (const id of ids) if ((await erase(tx, id)) !== false) gone += 1
    return gone
  }
}

/** What a stage erases one by one, and tells itself what is from before a time. */
function ofStage(
  type: string,
  days: number,
  stage: {
    before(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
    erase(tx: Transaction, id: string): unknown
  },
): Kept {
  return {
    type,
    days,
    due: (tx, before, limit) => stage.before(tx, before, limit),
    erase: oneByOne((tx, id) => stage.erase(tx, id)),
  }
}
