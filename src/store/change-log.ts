import { defined } from '../core/index.ts'
import { changeKey, versionstampOf } from './layout.ts'
import type { LoggedCommit } from './logged-commit.ts'
import type { Versionstamp } from './port.ts'
import { allRows, behind, type StoredRow, type Rows, type RowWrite } from './rows.ts'
import type { StoreState } from './state.ts'
import type { KeyBytes } from './tuple.ts'
import type { StoreView } from './views.ts'

const LENGTH_BYTES = 4
const PAGE_COMMITS = 256

/** The oldest are dropped once they are a hundredth too many: a look for them costs more than they do. */
const EXCESS_SHARE = 100

interface LogUpdate {
  readonly writes: readonly RowWrite[]
  readonly state: StoreState
}

/** What a batch does to the log: its commits go in, as many of the oldest go out in time. */
export async function updateLog(
  rows: Rows,
  before: StoreState,
  commits: readonly LoggedCommit[],
  kept: number,
): Promise<LogUpdate> {
  const surplus = before.changes + commits.length - kept
  const excess = surplus > Math.floor(kept / EXCESS_SHARE) ? surplus : 0
  const drop = excess === 0 ? [] : await oldest(rows, before, excess)
  // A batch may be larger than the log: its own oldest commits then never enter.
  const skipped = commits.slice(0, excess - drop.length)
  const truncated = skipped.at(-1)?.version ?? lastVersion(drop) ?? before.truncated
  const { parted, ...rest } = before
  return {
    writes: [
      ...drop.map((key) => ({ key, value: undefined })),
      ...commits
        .slice(skipped.length)
        .map(({ version, keys }) => ({ key: changeKey(version), value: encodeKeys(keys) })),
    ],
    state: {
      ...rest,
      // Whoever would have to know is before the log by then.
      ...defined({ parted: parted !== undefined && parted.at > truncated ? parted : undefined }),
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
  { rows, state }: Pick<StoreView, 'rows' | 'state'>,
  after: Versionstamp,
): Promise<LoggedCommit[]> {
  const range = { ...commitRange(after, state.version), limit: PAGE_COMMITS }
  return (await allRows(rows.pages(range))).map(commitOf)
}

/** Where the commits lie that are newer than one and not newer than another. */
export function commitRange(after: Versionstamp, until: Versionstamp) {
  return { gte: behind(changeKey(after)), lt: behind(changeKey(until)) }
}

/** A commit as the log has it. */
export function commitOf([key, value]: StoredRow): LoggedCommit {
  return { version: versionstampOf(key), keys: decodeKeys(value) }
}

/** Starting behind what was dropped before, so that the tombstones of it cost nothing. */
async function oldest(rows: Rows, state: StoreState, count: number): Promise<Buffer[]> {
  const range = commitRange(state.truncated, state.version)
  const found = await allRows(rows.pages({ ...range, limit: count, values: false }))
  return found.map(([key]) => key)
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
