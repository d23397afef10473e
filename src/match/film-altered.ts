import { inLanes } from '../core/index.ts'
import type { Span } from '../decode/index.ts'
import type { Fingerprint, SeenFrame } from '../fingerprint/index.ts'
import type { CandidateItem, RawHit } from '../known/index.ts'
import type { Comparable, FindAltered, KnownReader } from './altered.ts'
import { picturesLacking } from './film-takes.ts'
import { alignInTime, type FilmPiece, type FramePair, itemSpan, momentOf } from './film-time.ts'
import type { Alignment, MatchPolicy } from './match.ts'
import { weighAlignment } from './weigh-alignment.ts'

/** Items that are compared with one frame: the right one leads in some frame. */
const CANDIDATES_OF_FRAME_MAX = 6
/** Frames that are looked at at once. */
const AT_ONCE = 2
/** A second look asks after so many items, and so many pictures of each: see `MOMENTS_MAX` of `fingerprint`. */
const ITEMS_MAX = 2
const PICTURES_MAX = 4
/** How far from where a line has it a picture is looked for: frames are sampled a second apart. */
const AROUND_SECONDS = 0.4
/** How far beyond the piece that was found its neighbours are asked after. */
const BESIDE_SECONDS = 2.5
/** So many different pictures that are confirmed, and none of another take, need no second look. */
const DECIDED = 3

/** What a look has of a film when it looks for the items that its frames may show. */
export interface SightedFilm {
  readonly frames: readonly SeenFrame[]
  readonly fingerprint: Fingerprint
  readonly hits: readonly RawHit[]
  readonly sought: readonly Comparable[]
}

/** How items lie in one frame. */
export type LaidFrame = ReadonlyMap<string, Alignment>

/** A picture of an item that may be shown at a moment, however little that says by itself. */
export interface Placed extends FramePair {
  readonly itemId: string
  readonly alignment: Alignment
}

/** A picture of an item that was looked for at the moment at which the film would show it. */
export interface Moment extends FramePair {
  readonly itemId: string
}

/** What a first look at the frames of a film came to. */
interface FirstLook {
  /** Whether anything known seems to be shown. */
  readonly isHint: boolean
  /** A second look at the moments at which that would be. */
  readonly closer: () => Promise<FoundInFilm>
}

export interface FoundInFilm {
  readonly frames: readonly LaidFrame[]
  /** What a second look asked after; what it found of that is among the frames. */
  readonly moments: readonly Moment[]
  /** All pictures of items that its frames may show, the clearest of each among them. */
  readonly placed: readonly Placed[]
  /** Hits of the hashes, those of a second look among them. */
  readonly hits: readonly RawHit[]
}

interface FilmParts {
  readonly findAltered: FindAltered
  /** Reads known items, each once for one film. */
  readonly itemsOf: KnownReader
  /** Frames of some spans of the film. */
  readonly seeAgain: (spans: readonly Span[]) => Promise<readonly SeenFrame[]>
  readonly search: (film: Fingerprint) => Promise<readonly RawHit[]>
  readonly policy: MatchPolicy
}

/**
 * The items that a film shows, frame by frame. Where one seems to be shown, the film is looked at again at the very
 * moments at which it would show the pictures that are kept of it: a frame half a second off shows another moment, and
 * whoever moves in it stands elsewhere.
 */
export async function lookIntoFilm(film: SightedFilm, parts: FilmParts): Promise<FirstLook> {
  const first = await inLanes(film.frames, AT_ONCE, (frame) => lookAtFrame(frame, film, parts))
  const isHint = film.hits.length > 0 || first.some(({ laid }) => laid.size > 0)
  return { isHint, closer: () => lookCloser(first, film, parts) }
}

async function lookCloser(
  first: readonly LookedAt[],
  film: SightedFilm,
  parts: FilmParts,
): Promise<FoundInFilm> {
  const { fingerprint, hits, sought } = film
  const laid = first.map((frame) => frame.laid)
  const moments = await momentsOf(laid, film, parts)
  if (moments.length === 0) return { ...together(first), moments, hits }
  const frames = await parts.seeAgain(mergedSpans(moments.map(spanOf)))
  const isSeen = (moment: Moment) => frames.some(({ seconds }) => isIn(spanOf(moment), seconds))
  const views = frames.flatMap((frame) => frame.views)
  const more = views.length === 0 ? [] : await parts.search({ ...fingerprint, views })
  const again = { frames, fingerprint, hits: more.filter(isOfFrames), sought }
  const closer = await inLanes(frames, AT_ONCE, (frame) => {
    const due = moments.filter((moment) => isIn(spanOf(moment), frame.seconds))
    const candidates = due.map(({ itemId, itemSeconds: seconds }): CandidateItem => {
      return { itemId, seconds, variant: 'any' }
    })
    return lookAtFrame(frame, again, parts, candidates)
  })
  const asked = moments.filter(isSeen)
  return { ...together([...first, ...closer]), moments: asked, hits: [...hits, ...again.hits] }
}

/** What one frame shows. */
interface LookedAt {
  readonly laid: LaidFrame
  readonly placed: readonly Placed[]
}

function together(looked: readonly LookedAt[]): Pick<FoundInFilm, 'frames' | 'placed'> {
  return { frames: looked.map(({ laid }) => laid), placed: looked.flatMap(({ placed }) => placed) }
}

async function lookAtFrame(
  { seconds, seen, views }: SeenFrame,
  { fingerprint, hits, sought }: SightedFilm,
  { findAltered, itemsOf }: FilmParts,
  candidates?: readonly CandidateItem[],
): Promise<LookedAt> {
  const placed: Placed[] = []
  const laid = await findAltered({
    seen,
    fingerprint: { ...fingerprint, kind: 'image', views },
    hits: hits.filter((hit) => hit.seconds === seconds),
    sought,
    most: CANDIDATES_OF_FRAME_MAX,
    itemsOf,
    candidates,
    tellPlaced: (itemId, alignment) => {
      const { itemSeconds } = alignment
      if (itemSeconds !== undefined) placed.push({ itemId, seconds, itemSeconds, alignment })
    },
  })
  return { laid: new Map(Array.from(laid, ([id, one]) => [id, { ...one, seconds }])), placed }
}

function isOfFrames({ seconds }: RawHit): boolean {
  return seconds !== undefined
}

/** When pictures of the likeliest items should be seen, were these shown as the first look says. */
async function momentsOf(
  found: readonly LaidFrame[],
  { fingerprint, hits, sought }: SightedFilm,
  { itemsOf, policy }: FilmParts,
): Promise<readonly Moment[]> {
  const pairs = pairsByItem(found, hits)
  const open = [...pairs].flatMap(([id, own]) => {
    const { isDecided, lacking } = firstSaid(found, id, policy)
    return isDecided ? [] : [{ id, own, lacking }]
  })
  const likeliest = open.sort((a, b) => b.own.length - a.own.length).slice(0, ITEMS_MAX)
  const items = await itemsOf(likeliest.map(({ id }) => id))
  const times = fingerprint.views.map(({ seconds = 0 }) => seconds)
  const end = fingerprint.durationSeconds ?? Math.max(...times)
  return likeliest.flatMap(({ id: itemId, own, lacking }) => {
    const [timed] = alignInTime(own)
    if (timed === undefined) return []
    const { fingerprints } = sought.find(({ id }) => id === itemId) ?? items.get(itemId) ?? {}
    const shots = (fingerprints ?? []).flatMap((set) => set.shots ?? [])
    const near = shots.filter((shot) => isBeside(timed.piece, shot.seconds))
    const moments = near.map(({ seconds: itemSeconds }): Moment => {
      return { itemId, itemSeconds, seconds: momentOf(timed.line, itemSeconds) }
    })
    const due = moments.filter(({ seconds }) => seconds >= 0 && seconds <= end)
    // What they lack may be there at its very moment.
    const doubtful = spread(
      due.filter((moment) => lacking.has(moment.itemSeconds)),
      PICTURES_MAX,
    )
    const others = due.filter((moment) => !doubtful.includes(moment))
    return [...doubtful, ...spread(others, PICTURES_MAX - doubtful.length)]
  })
}

/** A first look has said of an item all that a second one could, or some of its pictures lack something. */
interface FirstSaid {
  readonly isDecided: boolean
  /** When the pictures of it are that its frames lack something of. */
  readonly lacking: ReadonlySet<number>
}

function firstSaid(found: readonly LaidFrame[], itemId: string, policy: MatchPolicy): FirstSaid {
  const own = found.flatMap((frame) => frame.get(itemId) ?? [])
  const weighed = own.map((alignment) => ({ alignment, ...weighAlignment(alignment, policy) }))
  const { lacking } = picturesLacking(weighed)
  const sure = weighed.filter(({ verdict }) => verdict === 'confirmed')
  const isOther = weighed.some(({ doubt }) => doubt === 'same-scene') || lacking.size > 0
  const pictures = new Set(sure.map(({ alignment }) => alignment.itemSeconds))
  return { isDecided: !isOther && pictures.size >= DECIDED, lacking }
}

function pairsByItem(
  found: readonly LaidFrame[],
  hits: readonly RawHit[],
): ReadonlyMap<string, readonly FramePair[]> {
  const laid = found.flatMap((frame) => [...frame]).map(([itemId, one]) => ({ itemId, ...one }))
  const pairs = new Map<string, FramePair[]>()
  for (const { itemId, seconds, itemSeconds } of [...laid, ...hits]) {
    if (seconds === undefined || itemSeconds === undefined) continue
    const held = pairs.get(itemId) ?? []
    held.push({ seconds, itemSeconds })
    pairs.set(itemId, held)
  }
  return pairs
}

function isBeside(piece: FilmPiece, itemSeconds: number): boolean {
  const { from, to } = itemSpan(piece)
  return isIn({ from: from - BESIDE_SECONDS, to: to + BESIDE_SECONDS }, itemSeconds)
}

function spanOf({ seconds }: Moment): Span {
  return { from: seconds - AROUND_SECONDS, to: seconds + AROUND_SECONDS }
}

function isIn({ from, to }: Span, seconds: number): boolean {
  return seconds >= from && seconds <= to
}

/** So many of them at most, from the first to the last. */
function spread(moments: readonly Moment[], count: number): readonly Moment[] {
  const most = Math.min(count, moments.length)
  return Array.from({ length: most }, (_, place) => {
    const at = most === 1 ? 0 : Math.round((place * (moments.length - 1)) / (most - 1))
    return moments[at]
  }).filter((moment) => moment !== undefined)
}

/** In the order of the film, none with another one in it. */
function mergedSpans(spans: readonly Span[]): readonly Span[] {
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}
