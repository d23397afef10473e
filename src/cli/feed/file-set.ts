import { setTimeout as sleep } from 'node:timers/promises'
import { type CandidateFile, isCrawl, isShard, isUnreadable } from './candidates.ts'
import { UnreadableRecord } from './crawl/record-fault.ts'
import type { CrawlMemory, CrawlOptions } from './crawl/crawl-lines.ts'
import type { FilePosition, Places } from './places.ts'
import { RecordFile, type ReadRecords } from './record-file.ts'
import { REPORT_PLACE } from './verdict-report.ts'
import { type TrackedLine, TrackedFile } from './tracked-file.ts'

const POLL_MS = 300

export interface FileSetOptions {
  readonly follow: boolean
  readonly lineBytesMax: number
  readonly crawl: CrawlOptions
  /** What is written of the answers; then shards alone are read. */
  readonly report: { place(): Promise<FilePosition | undefined> } | undefined
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

const readingNothing: ReadRecords = () => {
  throw new UnreadableRecord('zstandard')
}

/** @param candidates What may be read, each time it is looked */
export function openFileSet(
  candidates: () => readonly CandidateFile[],
  places: Places,
  { follow, lineBytesMax, crawl, report, signal }: FileSetOptions,
): FileSet {
  const files = new Map<string, TrackedFile | RecordFile>()
  const gone = new Set<TrackedFile | RecordFile>()
  let memory: CrawlMemory | undefined
  let saved = Promise.resolve()

  async function open(candidate: CandidateFile): Promise<void> {
    if (files.has(candidate.id)) return
    const file = await openAsNamed(candidate)
    if (file !== undefined) files.set(candidate.id, file)
  }

  async function openAsNamed(
    candidate: CandidateFile,
  ): Promise<TrackedFile | RecordFile | undefined> {
    const read = await readingOf(candidate.path)
    if (read === undefined) return openLines(candidate)
    return RecordFile.open(candidate, places.get(candidate.id), read)
  }

  /** Undefined for lines. */
  async function readingOf(path: string): Promise<ReadRecords | undefined> {
    if (isUnreadable(path)) return readingNothing
    if (isCrawl(path)) return readingCrawls()
    return isShard(path) ? readingShards() : undefined
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
  async function readingCrawls(): Promise<ReadRecords> {
    const { createCrawlMemory, crawlRecords } = await import('./crawl/crawl-records.ts')
    memory ??= createCrawlMemory()
    return crawlRecords(crawl, memory)
  }

  /** Loaded so, too. */
  async function readingShards(): Promise<ReadRecords> {
    const { shardRecords } = await import('./shard/shard-records.ts')
    return shardRecords({ ...crawl, isForReport: report !== undefined })
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
    places.keep(ids.add(REPORT_PLACE))
  }

  async function save(): Promise<void> {
    // Asked for at once, so that none knows of an answer that another does not.
    const asked = [...files.values()].map(async (file) => [file.id, await file.place()] as const)
    const written = report?.place().then((place) => [REPORT_PLACE, place] as const)
    for (const [id, place] of await Promise.all([...asked, ...(written ? [written] : [])])) {
      if (place !== undefined) places.set(id, place)
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
