import type { Config } from '../config.ts'
import type { Store } from '../store/index.ts'
import { BROWSER_HASHER, textureOf, type ViewName } from '../fingerprint/index.ts'
import { RADIUS_MAX } from '../index/index.ts'
import type { Corpus, Likeness } from './corpus.ts'
import {
  type Finding,
  type KnownHashSet,
  type KnownItem,
  type List,
  type Register,
  qualityOf,
  slackOf,
} from '../register/index.ts'
import type { KnownSet } from './known-set.ts'
import { withForms } from './probes.ts'
import type { RawHit } from './raw-hit.ts'

/** Items that are named: those on the other side first, then the nearest. */
const NAMED_MAX = 10
/** Fewer say nothing of a picture: `kFeaturesMin` of native/features/known.h. */
const FEATURES_MIN = 20

/** What is looked at before an entry can be verified. */
export interface Gates {
  /**
   * What speaks against verifying these hashes as entries of the list unseen, of each set in turn. All
   * are looked for at once; what they resemble among themselves is not seen.
   */
  inspect(
    list: Pick<List, 'kind'>,
    sets: readonly KnownHashSet[],
  ): Promise<readonly (readonly Finding[])[]>
}

export function createGates(parts: {
  readonly store: Store
  readonly register: Pick<Register, 'knownOf'>
  readonly known: Pick<KnownSet, 'search'>
  readonly corpus: Corpus
  readonly settings: Config['register']
  /** PDQ radius within which two pictures are likely the same. */
  readonly radius: number
  /** Textured cells from which on a copy can be compared with a picture that keeps features. */
  readonly cellsMin: number
}): Gates {
  const { store, register, known, corpus, settings, radius, cellsMin } = parts

  return {
    async inspect(list, sets) {
      const probed = sets.map(withForms)
      const hits = await Promise.all(probed.map((hashes) => known.search(hashes, radiusOf(hashes))))
      const nearest = hits.map(nearestOfEachItem)
      const items = await itemsOf(nearest)
      const benign = await Promise.all(probed.map((hashes) => likenessToBenign(list, hashes)))
      return sets.map((hashes, position) => [
        ...ownFindings(hashes, settings, cellsMin),
        ...resemblances(list, hashes, nearest[position] ?? [], items),
        ...(benign[position] ?? []),
      ])
    },
  }

  /** A hash that may be off is held against what is that much further away, too. */
  function radiusOf(hashes: KnownHashSet): number {
    return Math.min(RADIUS_MAX, radius + slackOf(hashes))
  }

  async function itemsOf(hits: readonly (readonly RawHit[])[]): Promise<KnownItems> {
    const ids = hits.flatMap((near) => near.map(({ itemId }) => itemId))
    if (ids.length === 0) return new Map()
    return store.transact((tx) => register.knownOf(tx, ids))
  }

  async function likenessToBenign(
    list: Pick<List, 'kind'>,
    hashes: KnownHashSet,
  ): Promise<Finding[]> {
    if (list.kind === 'allow') return []
    const nearest = await corpus.nearest(hashes, radiusOf(hashes))
    if (nearest === undefined) return []
    const detail = `a picture of the benign corpus is like it, ${likeness(nearest)}`
    return [{ code: 'benign-corpus', ...formOf(nearest), distance: nearest.distance, detail }]
  }
}

type KnownItems = ReadonlyMap<string, KnownItem>

function resemblances(
  list: Pick<List, 'kind'>,
  hashes: KnownHashSet,
  hits: readonly RawHit[],
  items: KnownItems,
): Finding[] {
  const found = hits.flatMap((hit) => {
    const item = items.get(hit.itemId)
    return item === undefined ? [] : [{ item, finding: resemblance(list, item, hit) }]
  })
  const opposite = found.filter(({ finding }) => isOpposite(finding))
  // Equal bytes join the item: they resemble it by definition, which is news on the other side only.
  const alike = found.filter(
    ({ item, finding }) => !isOpposite(finding) && !holdsBytes(item, hashes),
  )
  return [...opposite, ...alike].slice(0, NAMED_MAX).map(({ finding }) => finding)
}

function resemblance(
  { kind }: Pick<List, 'kind'>,
  item: KnownItem,
  { itemId, method, distance, view }: RawHit,
): Finding {
  const isPdq = method === 'pdq'
  const how = isPdq ? likeness({ distance, view }) : equality(method)
  const named = { itemId, ...(isPdq ? { distance, ...formOf({ view }) } : {}) }
  if (item.isAllowed && kind !== 'allow') {
    return { code: 'allow-list', ...named, detail: `like item ${itemId} of an allow-list, ${how}` }
  }
  if (!item.isAllowed && kind === 'allow') {
    return { code: 'known-material', ...named, detail: `like the known item ${itemId}, ${how}` }
  }
  const code = method === 'pdq' ? 'near-duplicate' : 'same-digest'
  return { code, ...named, detail: `like item ${itemId}, ${how}` }
}

function equality(method: RawHit['method']): string {
  return method === 'track' ? 'equal coded pictures' : `equal ${method.toUpperCase()}`
}

/** Names of turns and mirrors are those of the PDQ reference. */
const FORMS: Readonly<Record<ViewName, string>> = {
  whole: '',
  rot90: ', turned (rot90)',
  rot180: ', turned (rot180)',
  rot270: ', turned (rot270)',
  flipx: ', mirrored (flipx)',
  flipy: ', mirrored (flipy)',
  flipp: ', mirrored at a diagonal (flipp)',
  flipm: ', mirrored at a diagonal (flipm)',
  complement: ', as a negative',
  trimmed: ', without its border',
  'content-box': ', by its content alone',
}

function likeness({ distance, view }: Likeness): string {
  return `PDQ distance ${distance}${FORMS[view]}`
}

function formOf({ view }: Pick<Likeness, 'view'>): Pick<Finding, 'form'> {
  return view === 'whole' ? {} : { form: view }
}

/** One list wants it found, another one holds it as harmless. */
function isOpposite({ code }: Finding): boolean {
  return code === 'allow-list' || code === 'known-material'
}

function ownFindings(
  hashes: KnownHashSet,
  { sidePixelsMin, qualityMin, uniformQualityMax }: Config['register'],
  cellsMin: number,
): Finding[] {
  const findings: Finding[] = []
  const { width, height } = hashes
  if (width !== undefined && height !== undefined && Math.min(width, height) < sidePixelsMin) {
    const detail = `${width} x ${height} pixels: under ${sidePixelsMin} on a side`
    findings.push({ code: 'tiny', detail })
  }
  const hasPdq = hashes.views.length > 0
  const quality = qualityOf(hashes)
  if (hashes.qualityUntold === true) {
    const detail = untoldText(quality)
    findings.push({ code: 'quality-unknown', detail })
  } else if (hasPdq && quality <= uniformQualityMax) {
    const detail = `PDQ quality ${quality}: next to nothing is to be seen`
    findings.push({ code: 'near-uniform', detail })
  } else if (hasPdq && quality < qualityMin) {
    const detail = `PDQ quality ${quality}: below ${qualityMin} it matches unrelated pictures`
    findings.push({ code: 'low-quality', detail })
  }
  return [...findings, ...browserFindings(hashes), ...textureFindings(hashes, cellsMin)]
}

function untoldText(quality: number): string {
  return quality === 0
    ? 'the PDQ quality is not told: it counts as 0, and by PDQ it never matches alone'
    : `the PDQ quality is not told: it counts as ${quality}, as its list was set to`
}

/** Nobody but the proposer's browser has seen the picture: whoever verifies it is to know. */
function browserFindings(hashes: KnownHashSet): Finding[] {
  const slack = slackOf(hashes)
  if (slack === 0) return []
  const detail = `hashed in a browser (${BROWSER_HASHER}): by PDQ a review at most, within a radius ${slack} bits smaller, until Hindra sees these bytes`
  return [{ code: 'browser-hash', detail }]
}

/** Where features are kept, their want is told: nobody is to believe that crops and collages are found. */
function textureFindings({ features }: KnownHashSet, cellsMin: number): Finding[] {
  if (features === undefined) return []
  const { features: count, cells } = textureOf(features)
  if (count >= FEATURES_MIN && cells >= cellsMin) return []
  const detail = `too little texture, ${count} local features and ${cells} of 576 cells: altered copies are found by hashes alone`
  return [{ code: 'low-texture', detail }]
}

/** Nearest first, of equals by id; of an equal digest, which says most, before any distance. */
function nearestOfEachItem(hits: readonly RawHit[]): readonly RawHit[] {
  const nearest = new Map<string, RawHit>()
  for (const hit of hits) {
    const held = nearest.get(hit.itemId)
    if (held === undefined || rank(hit) < rank(held)) nearest.set(hit.itemId, hit)
  }
  return [...nearest.values()].sort((a, b) => rank(a) - rank(b) || (a.itemId < b.itemId ? -1 : 1))
}

function rank({ method, distance }: RawHit): number {
  return method === 'pdq' ? distance : -1
}

function holdsBytes({ fingerprints }: KnownItem, { sha256 }: KnownHashSet): boolean {
  return sha256 !== undefined && fingerprints.some((set) => set.sha256 === sha256)
}
