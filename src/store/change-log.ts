import { changeKey, type Database, versionstampOf } from './layout.ts'
import type { LoggedCommit } from './logged-commit.ts'
import type { Versionstamp } from './port.ts'
import type { StoreState } from './state.ts'
import type { KeyBytes } from './tuple.ts'
import type { StoreView } from './views.ts'

export type { LoggedCommit } from './logged-commit.ts'

const LENGTH_BYTES = 4
const PAGE_COMMITS = 256

interface LogUpdate {
  readonly put: readonly { readonly key: Buffer; readonly value: Buffer }[]
  readonly drop: readonly Buffer[]
  readonly state: StoreState
}

/** What a batch does to the log: its commits go in, as many of the oldest go out. */
export async function updateLog(
  db: Database,
  before: StoreState,
  commits: readonly LoggedCommit[],
  kept: number,
): Promise<LogUpdate> {
  const excess = Math.max(0, before.changes + commits.length - kept)
  const drop = excess === 0 ? [] : await oldest(db, before, excess)
  // A batch may be larger than the log: its own oldest commits then never enter.
  const skipped = commits.slice(0, excess - drop.length)
  const truncated = skipped.at(-1)?.version ?? lastVersion(drop) ?? before.truncated
  return {
    put: commits
      .slice(skipped.length)
      .map(({ version, keys }) => ({ key: changeKey(version), value: encodeKeys(keys) })),
    drop,
    state: {
      ...before,
      version: commits.at(-1)?.version ?? before.version,
      changes: before.changes + commits.length - excess,
      truncated,
    },
  }
}

/**
 * The next commits that are in the view and newer than `after`, in commit order: so many that
 * they fit into memory, whoever reads them how slowly.
 */
export async function commitsAfter(
  db: Database,
  { snapshot, state }: StoreView,
  after: Versionstamp,
): Promise<LoggedCommit[]> {
  const range = { gt: changeKey(after), lte: changeKey(state.version), limit: PAGE_COMMITS }
  const logged = await db.iterator({ ...range, snapshot }).all()
  return logged.map(([key, value]) => ({ version: versionstampOf(key), keys: decodeKeys(value) }))
}

/** Starting behind what was dropped before, so that the tombstones of it cost nothing. */
function oldest(db: Database, state: StoreState, count: number): Promise<Buffer[]> {
  return db
    .keys({ gt: changeKey(state.truncated), lte: changeKey(state.version), limit: count })
    .all()
}

function lastVersion(dropped: readonly Buffer[]): Versionstamp | undefined {
  const last = dropped.at(-1)
  return last === undefined ? undefined : versionstampOf(last)
}

function encodeKeys(keys: readonly KeyBytes[]): Buffer {
  const parts: Buffer[] = []
  for (const key of keys) {
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32BE(key.length)
    parts.push(length, Buffer.from(key, 'latin1'))
  }
  return Buffer.concat(parts)
}

function decodeKeys(bytes: Buffer): KeyBytes[] {
  const keys: KeyBytes[] = []
  let position = 0
  while (position < bytes.length) {
    const start = position + LENGTH_BYTES
    position = start + bytes.readUInt32BE(position)
    keys.push(bytes.toString('latin1', start, position))
  }
  return keys
}
