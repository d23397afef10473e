import { createHash } from 'node:crypto'
import { defined, NO_URL } from '../../../core/index.ts'
import type { ByteReader } from '../crawl/byte-reader.ts'
import { gzipMembers } from '../crawl/gzip-members.ts'
import { RECORD_FAULTS, type RecordFault } from '../crawl/record-fault.ts'
import type { CrawlTally } from '../crawl/tally.ts'
import { type RecordLimits, type RecordLine, type RecordPlace, sentAs } from '../record-line.ts'
import { type ShardSample, type SampleFile, samplesOf } from './samples.ts'

const REFERENCE_CHARS_MAX = 256

export interface ShardOptions {
  readonly limits: RecordLimits
  /** Whether a report is made: then what has no URL is submitted, too. */
  readonly isForReport: boolean
  readonly tally: CrawlTally
}

/** How a file of a shard is told of, and where it is gone on from. */
export interface ShardPlaces {
  /** What the shard is called; absent for a stream, which has no name. */
  readonly shard?: string
  /** Where the next file begins: the sample that it is in, and how many files of it and of all are before it. */
  readonly next: (sampleStart: number, inside: number, records: number) => RecordPlace
}

/**
 * Each media file of a tar, and what is wrong with others.
 *
 * @param before Files before the reader's place, and how many behind it are passed by
 */
export async function* shardLines(
  reader: ByteReader,
  { limits, isForReport, tally }: ShardOptions,
  { shard, next }: ShardPlaces,
  before: { readonly records: number; readonly inside: number },
): AsyncGenerator<RecordLine> {
  let record = before.records
  let toPass = before.inside
  let held: ShardSample | undefined

  /** @param fault What is wrong behind it: then more of it may come, or be mended */
  function* linesOf(sample: ShardSample, fault?: RecordFault): Generator<RecordLine> {
    const { files, start, end } = sample
    const mayGrow = fault === 'truncated'
    // A sample without media is passed by like a file.
    const listed = files.length === 0 ? [undefined] : files
    const passed = Math.min(toPass, listed.length)
    toPass -= passed
    if (passed === listed.length) return
    tally.record('sample')
    if (!files.some(({ found }) => typeof found !== 'string')) tally.outcome('neither')
    for (const [at, file] of listed.entries()) {
      if (at < passed) continue
      record += 1
      const isLastOfIt = at === listed.length - 1
      yield {
        next:
          isLastOfIt && fault === undefined ? next(end, 0, record) : next(start, at + 1, record),
        record,
        ...(file === undefined ? {} : { entry: file.entry, ...sentOf(file, sample) }),
        ...(mayGrow ? { isLast: true, mayGrow } : { isLast: false }),
      }
    }
  }

  function sentOf({ entry, found }: SampleFile, { url }: ShardSample) {
    if (typeof found === 'string') return { fault: { ...RECORD_FAULTS[found], reason: found } }
    if (url === undefined && !isForReport) {
      tally.outcome('elsewhere')
      return {}
    }
    tally.outcome('media')
    // Of a file that was seen at no URL nothing leaves but its bytes.
    const sighting = url === undefined ? { url: NO_URL } : namedSighting(url, entry, found)
    return sentAs(sighting, found, limits)
  }

  /** Sent again after a crash, it is the same observation. */
  function namedSighting(url: string, entry: string, media: Uint8Array) {
    const reference = shard === undefined ? entry : `${shard}/${entry}`
    const digest = createHash('sha256').update(media).digest('hex')
    const told = JSON.stringify([reference, url, digest])
    const idempotencyKey = createHash('sha256').update(told).digest('base64url')
    const isShort = reference.trim() !== '' && reference.length <= REFERENCE_CHARS_MAX
    return { url, idempotencyKey, ...(isShort ? { reference } : {}) }
  }

  for await (const found of samplesOf(reader, limits.mediaBytesMax)) {
    if ('start' in found) {
      if (held !== undefined) yield* linesOf(held)
      held = found
      continue
    }
    if (held !== undefined) yield* linesOf(held, found.fault)
    const { fault: reason, entry } = found
    const fault = { ...RECORD_FAULTS[reason], reason }
    const place = next(reader.position, 0, record)
    yield { next: place, record, ...defined({ entry }), fault, isLast: true }
    return
  }
  if (held !== undefined) yield* linesOf(held)
}

/** What a gzip file holds, all its members behind one another. */
export async function* inflated(reader: ByteReader): AsyncGenerator<Uint8Array> {
  for await (const member of gzipMembers(reader)) yield* member
}
