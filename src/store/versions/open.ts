import { dataRange, encodedOf, STATE_KEY, versionsRange } from '../layout.ts'
import type { VersionsBaseline } from '../port.ts'
import { firstKey, type Rows, type RowWrite } from '../rows.ts'
import { encodeState, readState, type StoreState } from '../state.ts'
import type { KeyBytes } from '../tuple.ts'
import { numberOf, VersionLog } from './version-log.ts'

/** Pairs whose versions are logged as one entry. */
const PAGE_PAIRS = 4_096

/** Whether the versions are to be kept anew, where a store knows this of itself; see `Store.keepVersions`. */
export function isToBegin(versions: VersionsBaseline, state: StoreState): boolean {
  return versions === 'anew' || (versions === 'begun' && state.versions === undefined)
}

/** Reads the versions that were kept. Throws STORE_REPLAYED where they are not those that were written last. */
export async function knownVersions(rows: Rows, key: Uint8Array): Promise<VersionLog> {
  return VersionLog.load(rows, await readState(rows), key)
}

/** Takes every record for the newest of its place, as it is, in the place of what was kept before. */
export async function versionsAnew(
  rows: Rows,
  write: (writes: readonly RowWrite[]) => Promise<void>,
  key: Uint8Array,
): Promise<VersionLog> {
  const oldest = await firstKey(rows, versionsRange())
  const newest = await firstKey(rows, { ...versionsRange(), reverse: true })
  const versions = VersionLog.empty(key, {
    oldest: oldest === undefined ? 0 : numberOf(oldest),
    next: newest === undefined ? 0 : numberOf(newest) + 1,
  })
  for await (const page of pagesOf(rows)) {
    const { writes, apply } = versions.update(page)
    await write(writes)
    apply()
    versions.forget({ versions: versions.state })
  }
  const state = { ...(await readState(rows)), versions: versions.state }
  const value = encodeState({ ...state, proof: versions.proof(state) })
  await write([{ key: STATE_KEY, value }])
  return versions
}

async function* pagesOf(rows: Rows): AsyncGenerator<ReadonlyMap<KeyBytes, Buffer>> {
  let page = new Map<KeyBytes, Buffer>()
  for await (const pairs of rows.pages(dataRange())) {
    for (const [key, value] of pairs) page.set(encodedOf(key), value)
    if (page.size < PAGE_PAIRS) continue
    yield page
    page = new Map()
  }
  if (page.size > 0) yield page
}
