import { identifyMedia } from '../../../decode/values.ts'
import { HindraError } from '../../../errors.ts'
import type { ByteReader } from '../crawl/byte-reader.ts'
import { isOfWeb } from '../crawl/crawled.ts'
import { type RecordFault, UnreadableRecord } from '../crawl/record-fault.ts'
import { type TarMember, tarMembers } from './tar-members.ts'

/** So much tells what a file is. */
const TELLING_BYTES = 4096
const JSON_BYTES_MAX = 1024 * 1024
const FILES_MAX = 1_024
/** What a data set calls media; what it calls otherwise may be media, too, and is told by its bytes. */
const NAMED_MEDIA =
  /\.(?:jpe?g|jfif|png|gif|webp|avif|hei[cf]|bmp|tiff?|mp4|m4v|mov|webm|mkv|avi|mpe?g|flv|wmv)$/i
const NAMED_JSON = /\.json$/i
/** Fields of the JSON that hold where the media was seen, as img2dataset and others write them. */
const URL_FIELDS = ['url', 'original_url', 'URL']

/** Media of a sample, or why there are none. */
export interface SampleFile {
  readonly entry: string
  readonly found: Uint8Array | RecordFault
}

/** Files that stand one behind the other and have one name up to its first dot, as webdataset groups them. */
export interface ShardSample {
  /** Where its first member begins, and where its last one ends. */
  readonly start: number
  readonly end: number
  readonly files: readonly SampleFile[]
  /** Where the media was seen: of several that share a JSON it cannot be told which was. */
  readonly url: string | undefined
}

/** The samples before it are whole; of what is behind it nothing is known. */
export interface BrokenShard {
  readonly fault: RecordFault
  /** The file in which it breaks off. */
  readonly entry: string | undefined
}

/** A sample that is read. */
interface Gathered {
  readonly key: string
  readonly start: number
  end: number
  readonly files: SampleFile[]
  url: string | undefined
  bytes: number
}

/** The samples of a tar, each when the next one has begun: what belongs to it may stand behind its media. */
export async function* samplesOf(
  reader: ByteReader,
  bytesMax: number,
): AsyncGenerator<ShardSample | BrokenShard> {
  let sample: Gathered | undefined
  let entry: string | undefined
  try {
    for await (const member of tarMembers(reader)) {
      const key = keyOf(member.name)
      if (sample !== undefined && sample.key !== key) {
        yield finished(sample)
        sample = undefined
      }
      const { start, end } = member
      sample ??= { key, start, end, files: [], url: undefined, bytes: 0 }
      entry = member.name
      await gather(sample, member, bytesMax)
      sample.end = end
    }
    if (sample !== undefined) yield finished(sample)
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error
    if (sample !== undefined) yield finished(sample)
    yield { fault: error.fault, entry }
  }
}

/** The directories and the name up to its first dot. */
function keyOf(name: string): string {
  const [key = name] = /^(?:.*\/)?[^/.]+(?=\.|$)/s.exec(name) ?? []
  return key
}

function finished({ start, end, files, url }: Gathered): ShardSample {
  const media = files.filter(({ found }) => typeof found !== 'string')
  return { start, end, files, url: media.length === 1 ? url : undefined }
}

async function gather(sample: Gathered, member: TarMember, bytesMax: number): Promise<void> {
  const { name: entry, kind } = member
  const isOfUse = NAMED_MEDIA.test(entry) || NAMED_JSON.test(entry)
  if (kind !== 'file') {
    if (kind !== 'other' && isOfUse) add(sample, { entry, found: kind })
    return
  }
  if (NAMED_JSON.test(entry)) {
    const fields = fieldsIn(await member.first(JSON_BYTES_MAX + 1))
    if (fields === undefined) add(sample, { entry, found: 'no-json' })
    else sample.url ??= urlIn(fields)
    return
  }
  if (!isMedia(await member.first(TELLING_BYTES))) {
    if (isOfUse) add(sample, { entry, found: 'no-media' })
    return
  }
  const left = bytesMax - sample.bytes
  const whole = await member.first(left + 1)
  if (whole.length > left) add(sample, { entry, found: 'too-large' })
  else {
    sample.bytes += whole.length
    add(sample, { entry, found: whole })
  }
}

/** Beyond a number that no data set has, what comes is told of once. */
function add({ files }: Gathered, file: SampleFile): void {
  if (files.length < FILES_MAX) files.push(file)
  else if (files.length === FILES_MAX) files.push({ entry: file.entry, found: 'crowded' })
}

function isMedia(head: Uint8Array): boolean {
  try {
    identifyMedia(head)
    return true
  } catch (error) {
    if (error instanceof HindraError) return false
    throw error
  }
}

/** Undefined for what cannot be read. */
function fieldsIn(json: Buffer): ReadonlyMap<string, unknown> | undefined {
  if (json.length > JSON_BYTES_MAX) return undefined
  try {
    const read: unknown = JSON.parse(json.toString('utf8'))
    return new Map(Object.entries(read ?? {}))
  } catch {
    return undefined
  }
}

/** The first URL of the web among them. */
function urlIn(fields: ReadonlyMap<string, unknown>): string | undefined {
  for (const field of URL_FIELDS) {
    const url = fields.get(field)
    if (typeof url === 'string' && isOfWeb(url)) return url
  }
  return undefined
}
