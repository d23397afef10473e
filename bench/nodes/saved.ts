import { openKnownSet } from '../../src/known/index.ts'
import { indexSource } from '../../src/index/index.ts'
import { type OpenRegister, pictureOf } from '../startup/register.ts'

const RARELY = { snapshotChanges: 1e9, snapshotMinutes: 60, erasureSeconds: 3_600 }

/** Saves an index of so many made-up pictures, as if this store held them: a start from it reads none of them. */
export async function saveIndex(
  { context, register }: OpenRegister,
  file: string,
  count: number,
  seed: number,
): Promise<void> {
  const made = {
    ...register,
    async *allIndexed() {
      for (let position = 0; position < count; position += 1) {
        const fingerprints = [pictureOf(position, seed)]
        yield await Promise.resolve({ id: context.newId(), revision: 0, isOwn: true, fingerprints })
      }
    },
  }
  const snapshot = { ...RARELY, file }
  const known = await openKnownSet(context, made, { indexes: indexSource('exact'), snapshot })
  await known.close()
}
