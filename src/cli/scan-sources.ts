import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import type { SentLine } from '../client/index.ts'
import { NO_URL, refanged, splitLines } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { filesAt, readMedia } from './files.ts'

/** One line of a feed to be, and what people call it. */
export interface ScanSource {
  readonly label: string
  /** The line, with the media of a file. Throws where that cannot be read. */
  line(): Promise<SentLine>
}

export interface ScanLimits {
  /** How large one media file may be. */
  readonly mediaBytesMax: number
  /** How long one line of a feed file may be. */
  readonly lineBytesMax: number
}

const FEED_FILE = /\.(ndjson|jsonl)$/i

/** True for what brings its own URLs: a URL, a feed file, standard input. */
export function bringsUrl(argument: string): boolean {
  return argument === '-' || isUrl(argument) || FEED_FILE.test(argument)
}

/**
 * What the arguments of `scan` stand for: `-` is a feed on standard input, a URL is fetched by the
 * server, a .ndjson or .jsonl file is a feed, anything else is a media file or a directory of them.
 * Throws INVALID_INPUT for what is not there, before any work has begun.
 */
export function scanSources(
  sources: readonly string[],
  stdin: Readable,
  limits: ScanLimits,
): AsyncIterable<ScanSource> {
  const files = new Map(
    sources.filter((source) => !bringsUrl(source)).map((path) => [path, filesAt([path])]),
  )
  for (const source of sources) {
    if (FEED_FILE.test(source) && !isUrl(source)) filesAt([source])
  }

  async function* all(): AsyncGenerator<ScanSource> {
    for (const source of sources) {
      if (source === '-') yield* feedLines('-', stdin, limits)
      else if (isUrl(source)) yield known(source, JSON.stringify({ url: refanged(source) }))
      else if (FEED_FILE.test(source)) yield* feedLines(source, createReadStream(source), limits)
      else yield* (files.get(source) ?? []).map((path) => mediaFile(path, limits))
    }
  }
  return all()
}

function isUrl(argument: string): boolean {
  return /^https?:\/\//i.test(refanged(argument))
}

function known(label: string, text: string): ScanSource {
  return { label, line: () => Promise.resolve({ text }) }
}

async function* feedLines(
  name: string,
  stream: AsyncIterable<Uint8Array>,
  limits: ScanLimits,
): AsyncGenerator<ScanSource> {
  for await (const { line, bytes } of splitLines(stream, limits.lineBytesMax)) {
    const label = `${name}:${line}`
    if (bytes === undefined) yield { label, line: () => Promise.reject(lineTooLong(limits)) }
    else yield known(label, Buffer.from(bytes).toString('utf8'))
  }
}

function lineTooLong({ lineBytesMax }: ScanLimits): HindraError {
  return new HindraError('TOO_LARGE', `the line is over server.lineBytesMax, ${lineBytesMax} bytes`)
}

function mediaFile(path: string, limits: ScanLimits): ScanSource {
  return {
    label: path,
    async line() {
      const media = await readMedia(path, limits.mediaBytesMax)
      return { text: JSON.stringify({ url: NO_URL }), media }
    },
  }
}
