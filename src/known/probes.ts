import { complementOf, defined, type Hash256, parseHash256 } from '../core/index.ts'
import {
  deriveDihedral,
  type ShrunkView,
  type SoughtDigest,
  type View,
  type ViewName,
} from '../fingerprint/index.ts'
import { DIGEST_TYPES } from '../hashes/index.ts'
import { RADIUS_MAX } from '../index/index.ts'
import type { KnownHashSet } from '../register/index.ts'
import type { ClientHash } from '../intake/index.ts'

/** A hash that is looked for, and what is known of it. */
export interface Probe {
  readonly hash: Hash256
  readonly radius: number
  readonly view: ViewName
  readonly quality: number
  readonly seconds?: number
  /** See `RawHit`. */
  readonly derived?: true
}

/** How far a hash that came without its picture is looked for. */
export interface BareRadii {
  /** The radius for the hash as it came, and for its complement: 0 to 64. */
  readonly radius: number
  /**
   * The radius for its turns and mirrors, which are derived from the bits alone: 0 to 64. Absent: it is sought as it
   * came alone.
   */
  readonly derivedRadius?: number
}

/** Hashes of any hasher, or of a list: what is found by them is judged by others. */
export interface Searchable
  extends Pick<KnownHashSet, 'hasher'>,
    Partial<Readonly<Record<SoughtDigest, string | null | undefined>>> {
  /** One whose hash may be off is looked for that much further. */
  readonly views: readonly (View & Partial<Pick<ShrunkView, 'slack'>>)[]
}

/** What is found by being equal. */
export const EQUAL_METHODS: readonly SoughtDigest[] = [...DIGEST_TYPES, 'track']

/**
 * Every view of a picture; every frame of a film, and its negative, turns and mirrors, which follow from the bits of its
 * hash as those of a client's do. Throws INDEX_INVALID.
 */
export function probesOf({ views }: Searchable, radius: number): readonly Probe[] {
  return views.filter(isProbed).flatMap(({ name, pdq, quality, seconds, slack = 0 }) => {
    const probe: Probe = {
      hash: parseHash256(pdq),
      radius: Math.min(radius + slack, RADIUS_MAX),
      view: name,
      quality,
      ...defined({ seconds }),
    }
    return seconds === undefined ? [probe] : [probe, ...formsOf(probe, radius)]
  })
}

/** The negative, the turns and the mirrors, which are sought within `derivedRadius`. */
function formsOf(whole: Probe, derivedRadius: number): readonly Probe[] {
  const turned = turnsOf(whole.hash).map(
    ([view, hash]): Probe => ({ ...whole, hash, radius: derivedRadius, view, derived: true }),
  )
  return [{ ...whole, hash: complementOf(whole.hash), view: 'complement' }, ...turned]
}

/**
 * The probes of a picture of which only the hash is there: as it is, its negative, and its turns and mirrors, which
 * follow from the bits of the hash with an error of their own (median 4 bits, at most 30 on the pictures of the
 * reference).
 */
export function bareProbes(
  { value, quality = 0, frameSeconds }: ClientHash,
  { radius, derivedRadius }: BareRadii,
): readonly Probe[] {
  const seconds = defined({ seconds: frameSeconds })
  if (!isProbed({ quality, ...seconds })) return []
  const hash = parseHash256(value)
  const whole: Probe = { hash, radius, view: 'whole', quality, ...seconds }
  if (derivedRadius === undefined) return [whole]
  return [whole, ...formsOf(whole, derivedRadius)]
}

/**
 * A picture of which only the hash came, with its turns, mirrors and negative as views, as it would
 * have had its media been there; anything else as it is.
 */
export function withForms(set: KnownHashSet): KnownHashSet {
  const [whole, ...others] = set.views
  if (whole === undefined || others.length > 0) return set
  if (whole.name !== 'whole' || whole.seconds !== undefined) return set
  const hash = parseHash256(whole.pdq)
  const forms = [...turnsOf(hash), ['complement', complementOf(hash)] as const]
  const views = forms.map(([name, form]): View => {
    return { ...whole, name, pdq: Buffer.from(form).toString('hex') }
  })
  return { ...set, views: [whole, ...views] }
}

function turnsOf(hash: Hash256): readonly (readonly [ViewName, Hash256])[] {
  const turns = Object.entries(deriveDihedral(hash)) as [ViewName, Hash256][]
  return turns.filter(([view]) => view !== 'whole')
}

/** The views of an item that are sought: turns and mirrors are those of the sighting, and a frame is left out. */
const SOUGHT: ReadonlySet<ViewName> = new Set<ViewName>(['whole', 'trimmed', 'content-box'])

/** What of an item is put into the index. */
export function isSought(view: View): boolean {
  return SOUGHT.has(view.name) && isProbed(view)
}

/** Blank frames are in every film and hit each other: a frame of no quality has nothing to match. */
function isProbed({ seconds, quality }: Pick<View, 'seconds' | 'quality'>): boolean {
  return seconds === undefined || quality > 0
}
