import type { FileHandle } from 'node:fs/promises'
import { fromFdPromise } from 'yauzl'
import { UnreadableRecord } from './record-fault.ts'

/** Bytes of a file that are a WARC file. */
export interface WarcRange {
  readonly start: number
  readonly end: number
}

const ARCHIVE = /^archive\/.*\.warc(?:\.gz)?$/i
const STORED = 0

/**
 * The WARC files in a WACZ, which is a ZIP that stores them as they are, so that their records can be read in their
 * places. Throws UnreadableRecord for what is no such file.
 */
export async function waczRanges(handle: FileHandle, size: number): Promise<readonly WarcRange[]> {
  try {
    const zip = await fromFdPromise(handle.fd, { lazyEntries: true, autoClose: false })
    const ranges: WarcRange[] = []
    for await (const entry of zip.eachEntry()) {
      if (!ARCHIVE.test(entry.fileName)) continue
      if (entry.compressionMethod !== STORED) throw new UnreadableRecord('zip-compressed')
      const { fileDataStart: start } = await zip.readLocalFileHeaderPromise(entry, {
        minimal: true,
      })
      ranges.push({ start, end: start + entry.compressedSize })
    }
    ranges.sort((one, other) => one.start - other.start)
    // Entries that share their bytes would have few of them read without end.
    const isApart = ranges.every(({ start, end }, at) => {
      return end <= size && start >= (ranges[at - 1]?.end ?? 0)
    })
    if (!isApart) throw new UnreadableRecord('damaged')
    return ranges
  } catch (error) {
    if (error instanceof UnreadableRecord) throw error
    // What the reader of ZIP files says names entries, which may name URLs.
    throw new UnreadableRecord('damaged')
  }
}
