import type { OpenRecords, ReadRecords, RecordSpot } from '../record-file.ts'
import type { RecordPlace } from '../record-line.ts'
import { type CrawlMemory, type CrawlOptions, crawlLines, mediaAt } from './crawl-lines.ts'
import { type WarcRange, waczRanges } from './wacz.ts'

export { createCrawlMemory } from './crawl-lines.ts'

/** Reads WARC and WACZ files. */
export function crawlRecords(options: CrawlOptions, memory: CrawlMemory): ReadRecords {
  return async function* (file: OpenRecords, from: RecordSpot) {
    let { line: records } = from
    for (const { start, end } of await rangesOf(file)) {
      if (end <= from.position) continue
      const isWithin = from.position >= start
      const reader = file.reader(isWithin ? from.position : start, end)
      const before = { records, inside: isWithin ? from.inside : 0 }
      const reread = (place: RecordPlace) =>
        mediaAt(file.reader(place.position, end), place.inside, options.limits)
      for await (const line of crawlLines(reader, options, memory, before, reread)) {
        yield line
        if (!line.isLast) records = line.record
      }
    }
  }
}

async function rangesOf({ path, handle, size }: OpenRecords): Promise<readonly WarcRange[]> {
  return /\.wacz$/i.test(path) ? waczRanges(handle, size) : [{ start: 0, end: size }]
}
