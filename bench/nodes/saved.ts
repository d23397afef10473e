import { createKnownIndex } from '../../src/known/known-index.ts'
import { takeSnapshot } from '../../src/known/snapshot.ts'
import { indexSource } from '../../src/index/index.ts'
import { type Context, VERSIONSTAMP_ZERO } from '../../src/store/index.ts'
import { pictureOf } from '../startup/register.ts'

const BATCH = 10_000

/** Saves an index of so many made-up pictures, as if this store held them: a start from it reads none of them. */
export async function saveIndex(
  context: Context,
  file: string,
  count: number,
  seed: number,
): Promise<void> {
  const searchIndex = await indexSource('exact').open()
  const known = createKnownIndex(searchIndex)
  for (let from = 0; from < count; from += BATCH) {
    const positions = Array.from({ length: Math.min(BATCH, count - from) }, (_, n) => from + n)
    await known.add(
      positions.map((position) => ({
        id: context.newId(),
        revision: 0,
        isOwn: true,
        fingerprints: [pictureOf(position, seed)],
      })),
    )
  }
  await takeSnapshot(known, context.store.version())?.write(context, file, VERSIONSTAMP_ZERO)
  await searchIndex.close()
}
