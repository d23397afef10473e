import { setTimeout as sleep } from 'node:timers/promises'
import { type CandidateFile, createCandidates, isCrawl } from './candidates.ts'
import type { CrawlFile } from './crawl/crawl-file.ts'
import type { CrawlMemory, CrawlOptions } from './crawl/crawl-lines.ts'
import type { Places } from './places.ts'
import { type TrackedLine, TrackedFile } from './tracked-file.ts'

const POLL_MS = 300

export interface FileSetOptions {
  readonly follow: boolean
  readonly lineBytesMax: number
  readonly crawl: CrawlOptions
  readonly signal: AbortSignal
}

/** A file or a directory that is read, rotated files and crawls included. */
export interface FileSet {
  /** The lines, once to the end, or on and on until the signal. */
  lines(): AsyncGenerator<TrackedLine>
  /** Writes down how far the answers came. */
  save(): Promise<void>
  close(): Promise<void>
}

/** Throws INVALID_INPUT where nothing is at `path`. */
export function openFileSet(
  path: string,
  places: Places,
  { follow, lineBytesMax, crawl, signal }: FileSetOptions,
): FileSet {
  const candidates = createCandidates(path)
  const files = new Map<string, TrackedFile | CrawlFile>()
  const gone = new Set<TrackedFile | CrawlFile>()
  let memory: CrawlMemory | undefined
  let saved = Promise.resolve()

  async function open(candidate: CandidateFile): Promise<void> {
    if (files.has(candidate.id)) return
    const file = await (isCrawl(candidate.path) ? openCrawl(candidate) : openLines(candidate))
    if (file !== undefined) files.set(candidate.id, file)
  }

  async function openLines(candidate: CandidateFile): Promise<TrackedFile | undefined> {
    const place = places.get(candidate.id)
    const file = await TrackedFile.open(candidate, place, lineBytesMax)
    if (file === undefined || place !== undefined) return file
    for (const other of files.values()) {
      if (!(other instanceof TrackedFile)) continue
      if (!(await file.isCopyOf(other, candidate.size))) continue
      file.continueFrom(other)
      break
    }
    return file
  }

  /** Loaded where there is a crawl: what tells media and pages takes longer to load than the command. */
  async function openCrawl(candidate: CandidateFile): Promise<CrawlFile | undefined> {
    const { createCrawlMemory, CrawlFile } = await import('./crawl/crawl-file.ts')
    memory ??= createCrawlMemory()
    return CrawlFile.open(candidate, places.get(candidate.id), crawl, memory)
  }

  async function* look(): AsyncGenerator<TrackedLine> {
    const found = candidates()
    const ids = new Set(found.map(({ id }) => id))
    for (const [id, file] of files) {
      // Renamed to what is no feed, or deleted: what is still in it is read, since it is open.
      if (ids.has(id)) continue
      files.delete(id)
      gone.add(file)
      yield* file.lines(true, undefined)
    }
    // All are opened before one is read: a copy is told by what it is a copy of.
    const isNew = ({ id }: CandidateFile) => places.get(id) === undefined
    for (const candidate of found) if (!isNew(candidate)) await open(candidate)
    for (const candidate of found) if (isNew(candidate)) await open(candidate)
    for (const candidate of found) {
      yield* files.get(candidate.id)?.lines(!follow, candidate) ?? []
    }
    places.keep(ids)
  }

  async function save(): Promise<void> {
    for (const file of files.values()) {
      const place = await file.place()
      if (place !== undefined) places.set(file.id, place)
    }
    places.save()
    for (const file of gone) {
      if (!file.isAnswered) continue
      gone.delete(file)
      await file.close()
    }
  }

  return {
    async *lines() {
      while (!signal.aborted) {
        yield* look()
        if (!follow) return
        await sleep(POLL_MS, undefined, { signal }).catch(() => undefined)
      }
    },
    save() {
      // One after the other, or an older place could be written over a newer one.
      saved = saved.catch(() => undefined).then(save)
      return saved
    },
    async close() {
      await Promise.all([...files.values(), ...gone].map((file) => file.close()))
    },
  }
}
