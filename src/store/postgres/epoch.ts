import type { Client } from 'pg'
import { defined } from '../../core/index.ts'
import { commitRange } from '../change-log.ts'
import { VERSIONSTAMP_ZERO } from '../port.ts'
import { allRows, type RowWrite } from '../rows.ts'
import type { StoreState } from '../state.ts'
import { batchOf, nextEpoch, versionstamp } from '../versionstamp.ts'
import { postgresRows } from './rows.ts'
import { factOf, followsFrom, setFact } from './schema.ts'

/** What the store knows of itself at the beginning of an epoch, and what is written with its first commit. */
interface Begun {
  readonly state: StoreState
  readonly also: readonly RowWrite[]
}

/**
 * Where the server goes on with another history, a new epoch begins. One that follows from the same cluster has all
 * that was committed up to here in common with the one before: cursors of that go on, later ones are of commits that
 * are lost. Of a dump that was put back nobody can tell: all read anew. Undefined where none is to begin.
 *
 * @param history What the server's is called; under the lock of all commits
 */
export async function epochOfHistory(
  client: Client,
  state: StoreState,
  history: string,
): Promise<Begun | undefined> {
  const before = await factOf(client, 'history')
  // Another process has begun the epoch since this one connected.
  if (before === history) return undefined
  await setFact(client, 'history', history)
  const { version: after, parted, ...rest } = state
  if (after === VERSIONSTAMP_ZERO) return undefined
  const at = versionstamp(nextEpoch(batchOf(after)), 0)
  const isInCommon = before !== undefined && followsFrom(before, history)
  // What is before an earlier parting would have to be told apart by both: it is left out.
  const dropped = isInCommon ? (parted?.at ?? VERSIONSTAMP_ZERO) : at
  const range = commitRange(VERSIONSTAMP_ZERO, dropped)
  const logged = await allRows(postgresRows(client).pages({ ...range, values: false }))
  return {
    state: {
      ...rest,
      ...defined({ parted: isInCommon ? { after, at } : undefined }),
      version: at,
      truncated: dropped > state.truncated ? dropped : state.truncated,
      changes: state.changes - logged.length,
    },
    also: logged.map(([key]) => ({ key, value: undefined })),
  }
}
