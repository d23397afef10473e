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
const SHARD = /\.(?:tar|tar\.gz|tgz)$/i
/** The same by Zstandard, which Node 20 does not read. */
const ZSTD_SHARD = /\.(?:tar\.zst|tzst)$/i
const ZSTD_OTHERS = /\.(?:warc|ndjson|jsonl)\.zst$/i

/** Whether a file is what a crawler keeps of what it saw, rather than lines. */
export function isCrawl(path: string): boolean {
  return CRAWL.test(path)
}

/** Whether a file is a tar of media, as data sets are kept in. */
export function isShard(path: string): boolean {
  return SHARD.test(path)
}

/** Whether a file would be read were it not compressed as it is: then that is said of it. */
export function isUnreadable(path: string): boolean {
  return ZSTD_SHARD.test(path) || ZSTD_OTHERS.test(path)
}

/**
 * A file with what rotation made of it, or all feeds, crawls and shards of a directory (not below), or its shards alone;
 * the oldest first. Throws INVALID_INPUT where nothing is at `path` now, or a shard is wanted and something else is.
 */
export function createCandidates(
  path: string,
  shardsOnly: boolean,
): () => readonly CandidateFile[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new HindraError('INVALID_INPUT', `there is nothing at ${path}`)
  if (found.isDirectory()) {
    const ofShards = (name: string) => isShard(name) || ZSTD_SHARD.test(name)
    const others = (name: string) => FEED.test(name) || isCrawl(name) || isUnreadable(name)
    return () => list(path, (name) => ofShards(name) || (!shardsOnly && others(name)))
  }
  if (shardsOnly && !isShard(path)) {
    throw new HindraError('INVALID_INPUT', `a report is of .tar, .tar.gz and .tgz files: ${path}`)
  }
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
