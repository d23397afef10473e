import { isPlainName } from '../../core/index.ts'
import { hashesNamedBy, kindOf } from '../../hashes/index.ts'
import type { ListedHash } from '../../register/index.ts'
import type { Delta } from '../delta.ts'
import type { Format } from './format.ts'
import { type FrameHash, frameOf, sampledFrames, secondsText } from './frames.ts'
import { type Json, readObjects, textIn } from './json-objects.ts'
import { type Exported, framesIn, wholeHashes } from './list-writer.ts'
import { hashNamed, invalid } from './refusing.ts'

const HASHES = hashesNamedBy('threatexchange')
const FILM_HASHES = hashesNamedBy('threatexchangeFilm')
/** The frames of a film in one update: a JSON array of texts `hash,quality,timestamp`. */
const FRAMES = 'HASH_VIDEO_VPDQ'
const DATA = { head: '{"data":[\n', separator: ',\n', tail: '\n]}\n' } as const

/** `data[]` of `/{privacy_group}/threat_updates`: an update a hash, by its id; `should_delete` takes it away. */
export const threatExchange: Format = {
  hasOwnClasses: false,

  read: (bytes) => readObjects(bytes, ['$.data.*'], deltaOf),

  /** An update holds one hash, or the frames of one film: an entry of several becomes as many, each with its own id. */
  write: () => ({
    ...DATA,
    pieces(entry) {
      const frames = framesIn(entry)
      const isOne = wholeHashes(entry).length + Math.min(1, frames.length) === 1
      return updatesOf(entry, frames).map(({ type, indicator, name }) => {
        const id = isOne ? entry.key : `${entry.key}#${name}`
        return JSON.stringify({ id, indicator, type, should_delete: entry.status === 'retracted' })
      })
    },
  }),

  /** Reactions in ThreatExchange's words; it has no room for a reason. */
  feedback: {
    ...DATA,
    pieces({ key, feedback }) {
      if (feedback === null) return []
      const reaction = feedback.opinion === 'agree' ? 'HELPFUL' : 'NOT_HELPFUL'
      return [JSON.stringify({ id: key, reactions: [reaction] })]
    },
  },
}

/** Throws INVALID_INPUT with the field. */
function deltaOf(update: Json, line: number): Delta {
  const key = textIn(update, 'id')
  if (key === undefined) throw invalid('id', 'is missing')
  if (update['should_delete'] === true) return { change: 'delete', line, key }
  const named = textIn(update, 'type') ?? ''
  const indicator = textIn(update, 'indicator')
  if (indicator === undefined) throw invalid('indicator', 'is missing')
  if (named === FRAMES) {
    return { change: 'put', line, key, kind: 'film', hashes: framesOf(indicator) }
  }
  const filmType = FILM_HASHES.get(named)
  const type = filmType ?? HASHES.get(named)
  if (type === undefined) {
    const told = isPlainName(named) ? `${named} ` : ''
    throw invalid('type', `${told}is no hash that is kept`)
  }
  const hashes = [hashNamed('indicator', type, indicator)]
  return { change: 'put', line, key, ...(filmType === undefined ? {} : { kind: 'film' }), hashes }
}

/** Throws INVALID_INPUT. */
function framesOf(indicator: string): readonly ListedHash[] {
  const features = jsonIn(indicator)
  if (!Array.isArray(features) || features.length === 0) {
    throw invalid('indicator', 'a JSON array of frames is wanted')
  }
  const frames = features.map((feature: unknown, position) => {
    const [hash = '', quality = '', timestamp, ...more] = String(feature).split(',')
    if (timestamp === undefined || more.length > 0) {
      throw invalid('indicator', `hash, quality and timestamp are wanted of frame ${position}`)
    }
    return frameOf(hash, quality, timestamp)
  })
  return sampledFrames(frames)
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

interface Update {
  readonly type: string
  readonly indicator: string
  /** What of the entry it holds. */
  readonly name: string
}

function updatesOf(entry: Exported, frames: readonly FrameHash[]): readonly Update[] {
  const whole = wholeHashes(entry).flatMap(({ type, value }): Update[] => {
    const { threatexchange, threatexchangeFilm } = kindOf(type).names
    const named = (entry.kind === 'film' ? threatexchangeFilm : undefined) ?? threatexchange
    return named === undefined ? [] : [{ type: named, indicator: value, name: type }]
  })
  if (frames.length === 0) return whole
  return [...whole, { type: FRAMES, indicator: indicatorOf(frames), name: 'vpdq' }]
}

function indicatorOf(frames: readonly FrameHash[]): string {
  return JSON.stringify(
    frames.map(({ value, quality, seconds }) => `${value},${quality},${secondsText(seconds)}`),
  )
}
