import { type Context, type MigrationStep, stepThrough } from '../store/index.ts'
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
  return stepThrough(items, {
    name: 'counting what the entries of each list can be found by',
    limit: BATCH_ITEMS,
    work(tx, row) {
      for (const { clear, sealed } of entriesOf(row)) {
        if (isLiving(clear)) lists.countEvidence(tx, clear.list, null, evidenceOf(sealed.hashes))
      }
    },
  })
}
