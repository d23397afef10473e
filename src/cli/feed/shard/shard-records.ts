import { basename } from 'node:path'
import { ByteReader } from '../crawl/byte-reader.ts'
import { isGzip } from '../crawl/gzip-members.ts'
import type { OpenRecords, ReadRecords, RecordSpot } from '../record-file.ts'
import { inflated, shardLines, type ShardOptions } from './shard-lines.ts'

/** By so much of its beginning a compressed file is known again: it is read from there whatever was answered of it. */
const KNOWN_BYTES = 4096

/** Reads tars of media, compressed by gzip or not. */
export function shardRecords(options: ShardOptions): ReadRecords {
  return async function* (file: OpenRecords, { position, inside, line: records }: RecordSpot) {
    const shard = basename(file.path)
    if (!isGzip(await file.reader(0, 2).fill(2))) {
      const places = {
        shard,
        next: (position: number, inside: number) => ({ position, inside }),
      }
      const reader = file.reader(position, file.size)
      yield* shardLines(reader, options, places, { records, inside })
      return
    }
    const reader = new ByteReader(inflated(file.reader(0, file.size)))
    const known = Math.min(KNOWN_BYTES, file.size)
    const places = {
      shard,
      next: (_start: number, _inside: number, records: number) => ({
        position: known,
        inside: records,
      }),
    }
    yield* shardLines(reader, options, places, { records, inside })
  }
}
