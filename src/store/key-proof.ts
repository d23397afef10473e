import type { Context } from './context.ts'
import type { Key } from './port.ts'

const PLACE: Key = ['system', 'key-proof']
const AAD = 'system/key-proof'

/**
 * Shows at start that the data key is the one this store was made with, before anything is read
 * or written with it. Throws KEY_WRONG.
 */
export async function proveDataKey({ store, sealer }: Context): Promise<void> {
  await store.transact(async (tx) => {
    const proof = await tx.get(PLACE)
    if (proof === undefined) tx.put(PLACE, sealer.seal(Buffer.from('hindra'), AAD))
    else sealer.open(proof, AAD)
  })
}
