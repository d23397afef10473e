import { updateLog } from './change-log.ts'
import { dataKey, STATE_KEY } from './layout.ts'
import type { LoggedCommit } from './logged-commit.ts'
import type { Versionstamp } from './port.ts'
import type { Rows, RowWrite } from './rows.ts'
import { encodeState, type StoreState } from './state.ts'
import type { KeyBytes } from './tuple.ts'
import type { VersionLog } from './versions/version-log.ts'
import { applyWrite } from './write.ts'
import type { WriteBuffer } from './write-buffer.ts'
import type { HindraError } from '../errors.ts'

/** A transaction that was checked and has its versionstamp. */
export interface Commit {
  readonly version: Versionstamp
  readonly writes: WriteBuffer
  readonly reject: (reason: HindraError) => void
}

/** What a batch of commits comes to, before it is written. */
export interface PlannedBatch<One extends Commit> {
  /** Those that it holds; the others were refused. */
  readonly accepted: readonly One[]
  readonly logged: readonly LoggedCommit[]
  /** All that is to be written, together or not at all. */
  readonly writes: readonly RowWrite[]
  readonly state: StoreState
  /** To be called when it is durable. */
  readonly applyVersions: () => void
}

interface Before {
  /** As they are, and stay until the batch is written. */
  readonly rows: Rows
  readonly state: StoreState
  readonly versions: VersionLog | undefined
  readonly changesKept: number
}

type Values = Map<KeyBytes, Buffer | undefined>

/** The values after these commits, in their order, with the log of changes and of versions. */
export async function planBatch<One extends Commit>(
  commits: readonly One[],
  { rows, state: before, versions, changesKept }: Before,
): Promise<PlannedBatch<One>> {
  const counters = await countersBefore(rows, commits)
  const { accepted, values } = effectsOf(commits, counters)
  const logged = accepted.map(({ version, writes }) => ({ version, keys: writes.keys() }))
  const log = await updateLog(rows, before, logged, changesKept)
  const update = versions?.update(values)
  const unproven = { ...log.state, ...(update && { versions: update.state }) }
  const state = versions === undefined ? unproven : { ...unproven, proof: versions.proof(unproven) }
  return {
    accepted,
    logged,
    writes: [
      ...[...values].map(([key, value]) => ({
        key: dataKey(key),
        value,
        isCounter: counters.has(key),
      })),
      ...log.writes,
      ...(update?.writes ?? []),
      { key: STATE_KEY, value: encodeState(state) },
    ],
    state,
    applyVersions: () => update?.apply(),
  }
}

/** Whoever adds to what is no counter fails alone. */
function effectsOf<One extends Commit>(
  commits: readonly One[],
  stored: Values,
): { accepted: One[]; values: Values } {
  const values: Values = new Map()
  const accepted = commits.filter(({ writes, reject }) => {
    try {
      const effects = [...writes.entries()].map(([key, write]) => {
        const before = values.has(key) ? values.get(key) : stored.get(key)
        return [key, applyWrite(before, write)] as const
      })
      for (const [key, value] of effects) values.set(key, value)
      return true
    } catch (error) {
      reject(error as HindraError)
      return false
    }
  })
  return { accepted, values }
}

async function countersBefore(rows: Rows, commits: readonly Commit[]): Promise<Values> {
  const counters = new Set<KeyBytes>()
  for (const { writes } of commits) {
    for (const [key, write] of writes.entries()) if (typeof write === 'bigint') counters.add(key)
  }
  if (counters.size === 0) return new Map()
  const keys = [...counters]
  const values = await rows.getMany(keys.map(dataKey))
  return new Map(keys.map((key, position) => [key, values[position]]))
}
