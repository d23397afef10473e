import { type FileHandle, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HindraError } from '../../errors.ts'
import { type LogPart, readLog } from './log-format.ts'
import type { Versionstamp } from '../port.ts'
import { batchOf } from '../versionstamp.ts'
import { versionOf } from './write-batch.ts'

/** Files that LevelDB has open at once while it reads its log; more than it needs. */
const FILES_AT_OPENING = 16

export interface LogFile {
  readonly name: string
  readonly parts: readonly LogPart[]
}

/**
 * Reads LevelDB's logs before it does, the oldest first. One that it cannot open or read it takes for an
 * empty one, and deletes it; of one that is damaged it leaves out a part (`DBImpl::RecoverLogFile`, unless
 * `paranoid_checks`, which classic-level does not offer): what was acknowledged last would be lost
 * without a word. Throws what the system says.
 */
export async function readLogs(directory: string): Promise<readonly LogFile[]> {
  const names = (await readdir(directory)).filter((name) => /^\d+\.log$/.test(name))
  const spare: FileHandle[] = []
  const logs: LogFile[] = []
  try {
    for (let file = 0; file < FILES_AT_OPENING; file++) spare.push(await open(directory, 'r'))
    for (const name of names.toSorted((a, b) => parseInt(a, 10) - parseInt(b, 10))) {
      const bytes = await readFile(join(directory, name)).catch((error: unknown) => {
        // Another process has the store open, which LevelDB's lock will say.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      })
      if (bytes !== undefined) logs.push({ name, parts: readLog(bytes) })
    }
  } finally {
    for (const handle of spare) await handle.close()
  }
  return logs
}

/**
 * What the logs have lost, in words: numbers of commits and of bytes, never what they held. Of a hole other
 * commits follow, or the mark is beyond it. A tail that nothing follows and that no mark knows of is what a
 * crash left of a commit that nobody was told of.
 */
export function lossesOf(logs: readonly LogFile[], mark: Versionstamp | undefined): string[] {
  const all = logs.flatMap(({ name, parts }) => parts.map((part) => ({ name, part })))
  const marked = mark === undefined ? undefined : batchOf(mark)
  return all.flatMap(({ name, part }, position) => {
    if (!('hole' in part)) return []
    const before = commitOf(all.slice(0, position).findLast(isRecord))
    const next = all.slice(position).find(isRecord)
    const after = commitOf(next)
    if (next === undefined && !(before !== undefined && marked !== undefined && marked > before)) {
      return []
    }
    const first = before === undefined ? undefined : before + 1
    // Nothing is missing where a log that LevelDB has read, and not yet deleted, ends as a crash left it.
    if (first !== undefined && first === after) return []
    const last = next === undefined ? marked : after && after - 1
    const { from, to } = part.hole
    return [`${commits(first, last)} cannot be read (${name}, bytes ${from} to ${to})`]
  })
}

/** What is missing by the mark alone, whatever took it. */
export function missingUpTo(mark: Versionstamp | undefined, version: Versionstamp): string[] {
  if (mark === undefined || mark <= version) return []
  return [`${commits(batchOf(version) + 1, batchOf(mark))}: not there any more`]
}

/** Throws COMMITS_LOST. */
export function assertNoLoss(losses: readonly string[]): void {
  if (losses.length > 0) throw new HindraError('COMMITS_LOST', losses.join('; '))
}

interface Placed {
  readonly part: LogPart
}

function isRecord({ part }: Placed): boolean {
  return 'record' in part
}

/** The number of the commit; undefined where there is none, or the store did not write it. */
function commitOf(placed: Placed | undefined): number | undefined {
  if (placed === undefined || !('record' in placed.part)) return undefined
  const version = versionOf(placed.part.record)
  return version === undefined ? undefined : batchOf(version)
}

function commits(first: number | undefined, last: number | undefined): string {
  if (first === undefined) return last === undefined ? 'commits' : `commits up to ${last}`
  if (last === undefined) return `commits from ${first} on`
  return first >= last ? `commit ${first}` : `commits ${first} to ${last}`
}
