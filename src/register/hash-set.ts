import { defined } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Fingerprint, View } from '../fingerprint/index.ts'
import { BROWSER_BITS_MAX, BROWSER_HASHER } from '../fingerprint/terms.ts'
import {
  DIGEST_TYPES,
  type DigestType,
  type HashType,
  hashOfText,
  isDigest,
  type OpaqueHashType,
  writtenAs,
} from '../hashes/index.ts'

/** Hashes of one entry: those of a film of as many sampled frames. */
export const HASHES_MAX = 20_000
/** Above what any set has of views, each of which counts as four. */
const VIEWS_MAX = 1_000_000
const BROWSER_HASHER_VERSION = 1

/** One hash as lists exchange it. */
export interface ListedHash {
  readonly type: HashType
  /** Hex for those that Hindra computes; for the others as the list has it. */
  readonly value: string
  /** The quality of a PDQ hash, 0 to 100, where the list tells it. */
  readonly quality?: number
  /** The time of the frame of a film that a PDQ hash is of. */
  readonly seconds?: number
}

/** A hash of somebody else's, as it is written. */
export interface OpaqueHash {
  readonly type: OpaqueHashType
  readonly value: string
}

/** What an entry holds to be found by: a whole fingerprint, or what a list gave of it. */
export interface KnownHashSet
  extends Partial<Omit<Fingerprint, 'kind' | 'views' | 'hasher' | 'hasherVersion'>> {
  readonly kind: 'image' | 'film' | 'unknown'
  readonly views: readonly View[]
  /** Who computed them, where that is known. */
  readonly hasher?: string
  readonly hasherVersion?: number | string
  /** Its list does not tell the quality of its PDQ hashes: that of the views is what the list says it counts as. */
  readonly qualityUntold?: true
  readonly opaque?: readonly OpaqueHash[]
}

/**
 * Hashes that came without media. A PDQ hash without its quality counts as quality 0, and so never
 * confirms. Throws HASH_INVALID and INVALID_INPUT with the position.
 *
 * @param hasher Who made them, where it is a browser: what else others call their hasher is text of a stranger
 */
export function hashSetOf(
  hashes: readonly ListedHash[],
  kind: KnownHashSet['kind'] = 'unknown',
  hasher?: typeof BROWSER_HASHER,
): KnownHashSet {
  if (hashes.length === 0 || hashes.length > HASHES_MAX) {
    throw new HindraError('INVALID_INPUT', `hashes: 1 to ${HASHES_MAX} of them`, {
      field: 'hashes',
    })
  }
  const digests: Partial<Record<DigestType, string>> = {}
  const views: View[] = []
  const opaque: OpaqueHash[] = []
  hashes.forEach((hash, position) => {
    const { type, quality = 0, seconds } = hash
    const field = `hashes.${position}`
    const value = checkedValue(hash, field)
    if (type === 'pdq') {
      views.push({
        name: 'whole',
        pdq: value,
        quality,
        ...defined({ seconds }),
      })
    } else if (isDigest(type)) {
      if (digests[type] !== undefined) throw repeated(type, field)
      digests[type] = value
    } else opaque.push({ type, value })
  })
  if (views.length > 1 && views.some(({ seconds }) => seconds === undefined)) {
    throw repeated('pdq', 'hashes')
  }
  const isUntold = views.length > 0 && hashes.every(({ quality }) => quality === undefined)
  return {
    kind,
    views,
    ...digests,
    ...(isUntold ? { qualityUntold: true } : {}),
    ...(opaque.length === 0 ? {} : { opaque }),
    ...(hasher === undefined ? {} : { hasher, hasherVersion: BROWSER_HASHER_VERSION }),
  }
}

/** @param quality What their list says that a quality which nobody told counts as: 0 to 100 */
export function withUntoldQuality(set: KnownHashSet, quality: number): KnownHashSet {
  if (set.qualityUntold !== true) return set
  return { ...set, views: set.views.map((view) => ({ ...view, quality })) }
}

/** Bits by which the PDQ hashes of a set may be off those that Hindra makes of the same file: 0 unless a browser made them. */
export function slackOf({ hasher }: Pick<KnownHashSet, 'hasher'>): number {
  return hasher === BROWSER_HASHER ? BROWSER_BITS_MAX : 0
}

/** Back to what lists exchange: of a picture its own PDQ hash, not those of its turns. */
export function listedHashesOf(set: KnownHashSet): readonly ListedHash[] {
  const digests = DIGEST_TYPES.flatMap((type) => {
    const value = set[type]
    return value === undefined ? [] : [{ type, value }]
  })
  const pdqs = set.views
    .filter(({ name }) => name === 'whole')
    .map(({ pdq, quality, seconds }) => ({
      type: 'pdq' as const,
      value: pdq,
      quality,
      ...defined({ seconds }),
    }))
  return [...digests, ...pdqs, ...(set.opaque ?? [])]
}

/**
 * What of it may leave the house: a PDQ hash that a browser made would pass for one of the reference, and a quality that
 * was assumed here for one that somebody saw.
 */
export function exchangedHashesOf(set: KnownHashSet): readonly ListedHash[] {
  const all = listedHashesOf(set)
  const hashes = set.qualityUntold === true ? all.map(withoutQuality) : all
  return slackOf(set) === 0 ? hashes : hashes.filter(({ type }) => type !== 'pdq')
}

function withoutQuality({ type, value, seconds }: ListedHash): ListedHash {
  return { type, value, ...defined({ seconds }) }
}

export function hashTypesOf(set: KnownHashSet): readonly HashType[] {
  return [...new Set(listedHashesOf(set).map(({ type }) => type))]
}

/** What the set is known by in a list that has no names for its entries. */
export function primaryKey(set: KnownHashSet): string {
  const [first] = listedHashesOf(set)
  return first === undefined ? '' : `${first.type}:${first.value}`
}

/** PDQ quality of the picture, or of the best frame of the film: 0 to 100. */
export function qualityOf({ views }: { readonly views: readonly View[] }): number {
  return views
    .filter(({ name }) => name === 'whole')
    .reduce((best, { quality }) => Math.max(best, quality), 0)
}

/** Each set once, by what it is searched by. */
export function distinctSets(sets: readonly KnownHashSet[]): readonly KnownHashSet[] {
  const distinct = new Map<string, KnownHashSet>()
  for (const set of sets) {
    const known = listedHashesOf(set).map(({ type, value }) => `${type}:${value}`)
    const key = known.join(' ')
    // Of two with the same hashes the one with features or more views says more, and a browser's less.
    const held = distinct.get(key)
    if (held === undefined || told(set) > told(held)) distinct.set(key, set)
  }
  return [...distinct.values()]
}

function told(set: KnownHashSet): number {
  const { features, views, track } = set
  const ofViews = 4 * views.length + (slackOf(set) === 0 ? 2 : 0) + (track === undefined ? 0 : 1)
  return ofViews + (features === undefined ? 0 : VIEWS_MAX)
}

function checkedValue({ type, value, quality, seconds }: ListedHash, field: string): string {
  if (type !== 'pdq' && (quality !== undefined || seconds !== undefined)) {
    throw new HindraError('INVALID_INPUT', `${field}: only a PDQ hash has a quality or a time`, {
      field,
    })
  }
  const kept = hashOfText(type, value)
  if (kept !== undefined) return kept
  throw new HindraError('HASH_INVALID', `${field}: ${writtenAs(type).words}`, { field })
}

function repeated(type: string, field: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: more than one ${type} of one picture`, {
    field,
  })
}
