import { type Database, dataRange, encodedOf, STATE_KEY, versionsRange } from '../layout.ts'
import { encodeState, readState } from '../state.ts'
import type { KeyBytes } from '../tuple.ts'
import { writeDurably } from '../durable-batch.ts'
import { numberOf, VersionLog } from './version-log.ts'

/** Pairs whose versions are logged as one entry. */
const PAGE_PAIRS = 4_096

/** Reads the versions that were kept. Throws STORE_REPLAYED where they are not those that were written last. */
export async function knownVersions(db: Database, key: Uint8Array): Promise<VersionLog> {
  return VersionLog.load(db, await readState(db), key)
}

/** Takes every record for the newest of its place, as it is, in the place of what was kept before. */
export async function versionsAnew(db: Database, key: Uint8Array): Promise<VersionLog> {
  const [oldest] = await db.keys({ ...versionsRange(), limit: 1 }).all()
  const [newest] = await db.keys({ ...versionsRange(), limit: 1, reverse: true }).all()
  const versions = VersionLog.empty(key, {
    oldest: oldest === undefined ? 0 : numberOf(oldest),
    next: newest === undefined ? 0 : numberOf(newest) + 1,
  })
  for await (const page of pagesOf(db)) {
    const { put, drop, apply } = versions.update(page)
    await writeDurably(db, [...put, ...drop.map((gone) => ({ key: gone, value: undefined }))])
    apply()
  }
  const state = { ...(await readState(db)), versions: versions.state }
  const value = encodeState({ ...state, proof: versions.proof(state) })
  await writeDurably(db, [{ key: STATE_KEY, value }])
  return versions
}

async function* pagesOf(db: Database): AsyncGenerator<ReadonlyMap<KeyBytes, Buffer>> {
  let page = new Map<KeyBytes, Buffer>()
  for await (const [key, value] of db.iterator(dataRange())) {
    page.set(encodedOf(key), value)
    if (page.size < PAGE_PAIRS) continue
    yield page
    page = new Map()
  }
  if (page.size > 0) yield page
}
