import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { HindraError } from '../../errors.ts'

/** A file that may hold lines. */
export interface CandidateFile {
  readonly path: string
  /** Inode and time of birth: stays when it is renamed, and an inode that is used again differs. */
  readonly id: string
  readonly size: number
  readonly modifiedMs: number
}

/** A number or a date behind the name, as rotation leaves it. */
const ROTATED = /^[.-]\d[\d:T._-]*$/
const FEED = /\.(?:ndjson|jsonl)(?:[.-]\d[\d:T._-]*)?$/i
const CRAWL = /\.(?:warc|warc\.gz|wacz)$/i

/** Whether a file is what a crawler keeps of what it saw, rather than lines. */
export function isCrawl(path: string): boolean {
  return CRAWL.test(path)
}

/**
 * A file with what rotation made of it, or all feeds and crawls of a directory (not below); the oldest first.
 * Throws INVALID_INPUT where nothing is at `path` now.
 */
export function createCandidates(path: string): () => readonly CandidateFile[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new HindraError('INVALID_INPUT', `there is nothing at ${path}`)
  if (found.isDirectory()) return () => list(path, (name) => FEED.test(name) || isCrawl(name))
  const base = basename(path)
  const isOurs = (name: string) =>
    name === base || (name.startsWith(base) && ROTATED.test(name.slice(base.length)))
  return () => list(dirname(path), isOurs)
}

function list(directory: string, isOurs: (name: string) => boolean): readonly CandidateFile[] {
  return readdirSync(directory)
    .filter(isOurs)
    .flatMap((name) => {
      const path = join(directory, name)
      const stat = statSync(path, { throwIfNoEntry: false })
      if (stat?.isFile() !== true) return []
      const id = `${stat.ino}@${Math.round(stat.birthtimeMs)}`
      return [{ path, id, size: stat.size, modifiedMs: stat.mtimeMs }]
    })
    .sort((one, other) => one.modifiedMs - other.modifiedMs || (one.path > other.path ? -1 : 1))
}
