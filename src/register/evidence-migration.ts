import type { Context, MigrationStep } from '../store/index.ts'
import { evidenceOf } from './evidence.ts'
import type { Lists } from './lists.ts'
import { entriesOf, isLiving, itemTable } from './item-records.ts'

const BATCH_ITEMS = 200

/** Stores of format 3 did not count what the entries of a list can be found by. */
export function evidenceMigration(
  context: Pick<Context, 'sealer'>,
  lists: Pick<Lists, 'countEvidence'>,
): MigrationStep {
  const items = itemTable(context.sealer)
  return {
    name: 'counting what the entries of each list can be found by',
    async batch(tx, after) {
      let records = 0
      let last: string | undefined
      for await (const row of items.rows(tx, { after, limit: BATCH_ITEMS })) {
        records += 1
        last = row.id
        for (const { clear, sealed } of entriesOf(row)) {
          if (isLiving(clear)) lists.countEvidence(tx, clear.list, null, evidenceOf(sealed.hashes))
        }
      }
      return { records, after: records < BATCH_ITEMS ? undefined : last }
    },
  }
}
