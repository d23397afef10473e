import { createHash } from 'node:crypto'
import { splitLines } from '../../core/index.ts'
import type { ListedHash } from '../../register/index.ts'
import { HASHES_MAX } from '../../register/terms.ts'
import type { Delta, Refusal } from '../delta.ts'
import type { Format } from './format.ts'
import { frameOf, numberIn, sampledFrames, secondsText } from './frames.ts'
import { framesIn } from './list-writer.ts'
import { invalid, refusing } from './refusing.ts'

const LINE_BYTES_MAX = 1024

/**
 * Meta's vPDQ: a line `frame,quality,hash,timestamp` for each sampled frame (vpdqio.cpp of ThreatExchange). A
 * file is one film there; here frame 0 begins another, so that files can be put together. There are no
 * names: a film is known by the digest of its frames, for many begin with the same black one.
 */
export const vpdq: Format = {
  hasOwnClasses: false,
  read: readFilms,

  /** The register keeps the times of frames alone: their numbers are those in the list. */
  write: () => ({
    head: '',
    separator: '',
    tail: '',
    pieces(entry) {
      const frames = framesIn(entry)
      if (entry.status === 'retracted' || frames.length === 0) return []
      const lines = frames.map(
        ({ value, quality, seconds }, number) =>
          `${number},${quality},${value},${secondsText(seconds)}\n`,
      )
      return [lines.join('')]
    },
  }),
}

interface Film {
  /** The line that it begins with. */
  readonly line: number
  readonly frames: ListedHash[]
  /** Number of the newest frame. */
  last: number
  /** Of the first line that could not be read. */
  refusal?: Refusal
}

async function* readFilms(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Delta> {
  let film: Film | undefined
  for await (const { line, bytes: read } of splitLines(bytes, LINE_BYTES_MAX)) {
    const cells = Buffer.from(read ?? [])
      .toString('utf8')
      .split(',')
    const isFirst = numberIn(cells[0] ?? '') === 0
    if (film !== undefined && isFirst) yield deltaOf(film)
    if (film === undefined || isFirst) film = { line, frames: [], last: -1 }
    const taken = film
    const refusal = refusing(line, () => {
      take(taken, cells)
      return undefined
    })
    if (refusal !== undefined) film.refusal ??= refusal
  }
  if (film !== undefined) yield deltaOf(film)
}

/** Throws INVALID_INPUT with the field. */
function take(film: Film, cells: readonly string[]): void {
  const [number = '', quality = '', hash = '', timestamp = ''] = cells
  if (cells.length !== 4) throw invalid('row', 'frame, quality, hash and timestamp are wanted')
  const frame = numberIn(number)
  if (!Number.isInteger(frame)) throw invalid('frame', 'a whole number, 0 or more')
  if (frame <= film.last) throw invalid('frame', `${frame} stands behind ${film.last}`)
  if (film.frames.length === HASHES_MAX) throw invalid('row', `over ${HASHES_MAX} frames`)
  film.frames.push(frameOf(hash, quality, timestamp))
  film.last = frame
}

/** A film of which a line is wrong is not taken by halves. */
function deltaOf({ line, frames, refusal }: Film): Delta {
  if (refusal !== undefined) return refusal
  const hashes = sampledFrames(frames)
  const digest = createHash('sha256')
  for (const { value, quality, seconds = 0 } of hashes) {
    digest.update(`${value} ${quality ?? 0} ${secondsText(seconds)}\n`)
  }
  return {
    change: 'put',
    line,
    key: `vpdq:${digest.digest('hex')}`,
    kind: 'film',
    hashes,
  }
}
