import { defined } from './defined.ts'
import { HeldLine } from './held-line.ts'
import type { FeedLine } from './ndjson.ts'

/** One line of a feed, with the media that follow it. */
export interface MediaLine extends Omit<FeedLine, 'end'> {
  /** Undefined where it has none. */
  readonly media?: Uint8Array
  /** Why neither this line nor what comes behind it can be read. */
  readonly fault?: string
}

/** Parts the bytes of a feed into its lines. */
export interface Splitter {
  /** Bytes that are held of the line whose end is yet to come. */
  readonly heldBytes: number
  /** The lines that end in the chunk. */
  push(chunk: Uint8Array): readonly MediaLine[]
  /** Tells that there are no more bytes, and gives the line that is left, if there is one. */
  end(): readonly MediaLine[]
}

/** A body of lines with media has this content type. */
export const MEDIA_LINES = 'application/vnd.hindra.media-lines'

const NEWLINE = 0x0a
const SPACE = 0x20
const NONE = 0x2d
const ZERO = 0x30
/** A number of more digits is that of no media. */
const DIGITS_MAX = 12

/**
 * Splits a stream of bytes into lines that say how many bytes of media follow them, whatever its chunks are:
 * `<bytes of media> <line>\n<media>`, or `- <line>\n` where there are none. A line with its media holds at most
 * `lineBytesMax` bytes of memory, beside the chunks in which it begins and ends; a longer one is dropped as it comes.
 */
export class MediaLineSplitter implements Splitter {
  readonly #max: number
  #line = 1
  #reads: 'length' | 'line' | 'media' | 'nothing' = 'length'
  /** The line has said so far, in so many characters, that it has so many bytes of media; undefined where it has none. */
  #said: { characters: number; mediaBytes: number | undefined } = { characters: 0, mediaBytes: 0 }
  /** The line, while its media come; undefined where it is too long with them. */
  #text: Uint8Array | undefined
  /** This holds the line until its end has come, and then its media. */
  #held = new HeldLine(0)
  /** So many bytes of its media are yet to come. */
  #left = 0

  constructor(lineBytesMax: number) {
    this.#max = lineBytesMax
  }

  get heldBytes(): number {
    return this.#held.heldBytes + (this.#text?.length ?? 0)
  }

  /** The lines that end in the chunk; of what they hold the chunk is the memory. */
  push(chunk: Uint8Array): MediaLine[] {
    const lines: MediaLine[] = []
    for (let at = 0; at < chunk.length && this.#reads !== 'nothing'; ) {
      if (this.#reads === 'length') at = this.#readLength(chunk, at, lines)
      else if (this.#reads === 'line') at = this.#readLine(chunk, at, lines)
      else at = this.#readMedia(chunk, at, lines)
    }
    return lines
  }

  /** Tells of a line that broke off. */
  end(): MediaLine[] {
    const lines: MediaLine[] = []
    const isBetween = this.#reads === 'length' && this.#said.characters === 0
    if (!isBetween && this.#reads !== 'nothing') {
      this.#breakOff(lines, 'the feed ended before the line and its media were there')
    }
    return lines
  }

  #readLength(chunk: Uint8Array, start: number, lines: MediaLine[]): number {
    const said = this.#said
    for (let at = start; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0
      if (byte === SPACE && said.characters > 0) {
        this.#held = new HeldLine(this.#max - (said.mediaBytes ?? 0))
        this.#reads = 'line'
        return at + 1
      }
      const digit = byte - ZERO
      said.characters += 1
      if (byte === NONE && said.characters === 1) said.mediaBytes = undefined
      else if (
        digit >= 0 &&
        digit <= 9 &&
        said.characters <= DIGITS_MAX &&
        said.mediaBytes !== undefined
      ) {
        said.mediaBytes = said.mediaBytes * 10 + digit
      } else {
        this.#breakOff(lines, 'the line does not begin with how many bytes of media follow it')
        break
      }
    }
    return chunk.length
  }

  #readLine(chunk: Uint8Array, start: number, lines: MediaLine[]): number {
    const end = chunk.indexOf(NEWLINE, start)
    if (end === -1) {
      this.#held.append(chunk.subarray(start))
      return chunk.length
    }
    this.#text = this.#held.finish(chunk.subarray(start, end))
    const { mediaBytes } = this.#said
    if (mediaBytes === undefined || mediaBytes === 0) {
      this.#add(lines, mediaBytes === 0 ? new Uint8Array() : undefined)
    } else {
      this.#held = new HeldLine(this.#text === undefined ? 0 : mediaBytes)
      this.#left = mediaBytes
      this.#reads = 'media'
    }
    return end + 1
  }

  #readMedia(chunk: Uint8Array, start: number, lines: MediaLine[]): number {
    const piece = chunk.subarray(start, start + this.#left)
    this.#left -= piece.length
    if (this.#left === 0) this.#add(lines, this.#held.finish(piece))
    else this.#held.append(piece)
    return start + piece.length
  }

  #add(lines: MediaLine[], media: Uint8Array | undefined): void {
    lines.push({ line: this.#line, bytes: this.#text, ...defined({ media }) })
    this.#line += 1
    this.#reads = 'length'
    this.#said = { characters: 0, mediaBytes: 0 }
    this.#text = undefined
  }

  #breakOff(lines: MediaLine[], fault: string): void {
    lines.push({ line: this.#line, bytes: undefined, fault })
    this.#reads = 'nothing'
    this.#held = new HeldLine(0)
    this.#text = undefined
  }
}
