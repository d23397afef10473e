import { HindraError } from '../errors.ts'
import type { Context } from './context.ts'
import { type Key, VERSIONSTAMP_ZERO } from './port.ts'

/** Of the records. 1 had no mark; cases of 2 did not know their last look and former hosts. */
const FORMAT = '3'
const PLACE: Key = ['system', 'format']

/**
 * Marks a new store with the format of its records, and refuses one of another format before
 * anything else is read. Throws STORE_FORMAT.
 */
export async function proveFormat({ store }: Pick<Context, 'store'>): Promise<void> {
  const isNew = store.version() === VERSIONSTAMP_ZERO
  await store.transact(async (tx) => {
    const mark = await tx.get(PLACE)
    const found = mark === undefined ? '1' : Buffer.from(mark).toString()
    if (isNew) tx.put(PLACE, Buffer.from(FORMAT))
    else if (found !== FORMAT) {
      throw new HindraError(
        'STORE_FORMAT',
        `the data directory holds records of format ${found}, this Hindra reads ${FORMAT}`,
      )
    }
  })
}
