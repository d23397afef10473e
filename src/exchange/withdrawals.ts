import type { Principal } from '../access/index.ts'
import { defined } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { ListedPlace, Register } from '../register/index.ts'
import { dropBelow, keySpace, type Transaction } from '../store/index.ts'
import type { Applying } from './applying.ts'
import type { ImportRecords, ImportRow } from './import-records.ts'
import type { Withdrawal } from './import-view.ts'

/** Entries of one transaction: looked at, or retracted. */
const LOOKED_AT = 2_000
const RETRACTED = 500

/** Entries of before that the file of an import names. */
const NAMED = keySpace('import-named')
const ABSENT = 'absent from its complete list'
const BEGINNING: Withdrawal = { phase: 'counting', standing: 0, absent: 0, after: null }

export interface WithdrawalSettings {
  /** Percent of a list that a file withdraws by leaving it out, unless the number is confirmed. */
  readonly withdrawPercentMax: number
}

/** The import as it is now, and the items that lost an entry, or would. */
interface Step {
  readonly row: ImportRow
  readonly lost: readonly string[]
}

/**
 * What a complete list does not name any more. Lines note which entries of before they speak of; then
 * those without a note are counted, and only then retracted. Entries younger than the import, be they
 * its own or somebody else's, are not looked at: ids are in order of time.
 */
export function createWithdrawals(
  records: ImportRecords,
  register: Pick<Register, 'placesIn'>,
  applying: Pick<Applying, 'withdraw'>,
  { withdrawPercentMax }: WithdrawalSettings,
) {
  return {
    /** A line speaks of an entry that was there. */
    noteNamed(tx: Transaction, importId: string, entryId: string): void {
      tx.put(NAMED(importId, entryId), new Uint8Array())
    },

    /**
     * One step; `withdrawal.phase` of the answer says whether more are needed. Throws CONFLICT, LIST_NOT_WHOLE, WITHDRAWAL_UNCONFIRMED.
     *
     * @param confirmed How many entries are expected to go, whatever their share.
     */
    async step(
      tx: Transaction,
      by: Principal,
      row: ImportRow,
      confirmed: number | undefined,
    ): Promise<Step> {
      const { complete, refused, position, withdrawal } = row.clear
      if (!complete) throw new HindraError('CONFLICT', 'the import is not of a complete list')
      if (refused > 0) throw notWhole(row)
      if (position === 0) throw new HindraError('LIST_NOT_WHOLE', 'no line of the file was read')
      const before = withdrawal ?? BEGINNING
      if (before.phase === 'done') return { row, lost: [] }
      return before.phase === 'counting'
        ? count(tx, row, before, confirmed)
        : withdraw(tx, by, row, before)
    },

    /** Forgets some of what lines noted; true when none is left. */
    forget: (tx: Transaction, importId: string): Promise<boolean> =>
      dropBelow(tx, NAMED(importId), LOOKED_AT),
  }

  async function count(
    tx: Transaction,
    row: ImportRow,
    before: Withdrawal,
    confirmed: number | undefined,
  ): Promise<Step> {
    const { dryRun, deleted } = row.clear
    const { living, absent, after, isLast } = await look(tx, row, before, LOOKED_AT)
    const counted = {
      standing: before.standing + living.length,
      absent: before.absent + absent.length,
    }
    if (isLast && !dryRun) checkConfirmed(counted, confirmed)
    const behind = dryRun ? 'done' : 'withdrawing'
    const withdrawal: Withdrawal = isLast
      ? { ...counted, phase: behind, after: null }
      : { ...counted, phase: 'counting', after }
    if (!dryRun) return { row: records.change(tx, row, { clear: { withdrawal } }), lost: [] }
    const clear = { withdrawal, deleted: deleted + absent.length }
    return { row: records.change(tx, row, { clear }), lost: absent.map(({ itemId }) => itemId) }
  }

  async function withdraw(
    tx: Transaction,
    by: Principal,
    row: ImportRow,
    before: Withdrawal,
  ): Promise<Step> {
    const { absent, after, isLast } = await look(tx, row, before, RETRACTED)
    for (const place of absent) await applying.withdraw(tx, by, place, ABSENT)
    const withdrawal: Withdrawal = { ...before, after, phase: isLast ? 'done' : 'withdrawing' }
    const clear = { withdrawal, deleted: row.clear.deleted + absent.length }
    return { row: records.change(tx, row, { clear }), lost: absent.map(({ itemId }) => itemId) }
  }

  /** The next entries from before the import, and which of those no line named. */
  async function look(
    tx: Transaction,
    { id, clear }: ImportRow,
    { after }: Withdrawal,
    limit: number,
  ) {
    const page = { limit, before: id, ...(after === null ? {} : { after }) }
    const places = await register.placesIn(tx, clear.list, page)
    const living = places.filter(({ isLiving }) => isLiving)
    return {
      living,
      absent: await unnamed(tx, id, living),
      isLast: places.length < limit,
      after: places.at(-1)?.entryId ?? after,
    }
  }

  async function unnamed(
    tx: Transaction,
    importId: string,
    living: readonly ListedPlace[],
  ): Promise<readonly ListedPlace[]> {
    await tx.prefetch(living.map(({ entryId }) => NAMED(importId, entryId)))
    const absent: ListedPlace[] = []
    for (const place of living) {
      const note = await tx.get(NAMED(importId, place.entryId))
      if (note === undefined) absent.push(place)
    }
    return absent
  }

  function checkConfirmed(
    { standing, absent }: Pick<Withdrawal, 'standing' | 'absent'>,
    confirmed: number | undefined,
  ): void {
    const what = `${absent} of ${standing} entries of the list are not in the file`
    if (confirmed !== undefined && confirmed !== absent) {
      throw new HindraError('WITHDRAWAL_UNCONFIRMED', `${what}, and not ${confirmed}`)
    }
    if (confirmed === absent || 100 * absent <= withdrawPercentMax * standing) return
    throw new HindraError(
      'WITHDRAWAL_UNCONFIRMED',
      `${what}: more than ${withdrawPercentMax}% (exchange.withdrawPercentMax)`,
    )
  }
}

function notWhole({ clear: { refused }, sealed: { refusals } }: ImportRow): HindraError {
  const [first] = refusals
  const which = first === undefined ? '' : `, first line ${first.line}: ${first.field}`
  return new HindraError(
    'LIST_NOT_WHOLE',
    `${refused} lines of the file were refused${which}: nothing is withdrawn for being absent`,
    defined({ line: first?.line, field: first?.field }),
  )
}
