/** One kind of hash: how it is written, who computes it, and what others call it. */
export type HashKind = DigestKind | PerceptualKind | OpaqueKind

interface Named {
  /** What people call it. */
  readonly title: string
  readonly names: ForeignNames
}

/** What formats, exchanges and HMA call it; one that is absent has no place for it. */
interface ForeignNames {
  readonly threatexchange?: string
  /** ThreatExchange's name for that of a film. */
  readonly threatexchangeFilm?: string
  readonly vics?: string
  readonly iwf?: string
  readonly ncmec?: string
  readonly hma?: string
}

/** A digest of a file's bytes, written in hex and compared for equality. */
export interface DigestKind extends Named {
  readonly form: 'digest'
  /** The name by which node:crypto computes it. */
  readonly algorithm: string
  readonly bytes: number
  /** Whether equal digests mean equal bytes; else collisions can be planted, and a person looks. */
  readonly proves: boolean
  /** A look at full resolution makes it of every file, or only while some list here holds such digests: each costs time. */
  readonly computed: 'always' | 'where-held'
}

/**
 * A kind of hash of what is to be seen: 256 bits, written in hex, near where a copy is near. Computing it needs code of
 * its own.
 */
export interface PerceptualKind extends Named {
  readonly form: 'perceptual'
  readonly bytes: 32
  /** Whether it is searched by and lists hold it; else it only leads to a look. */
  readonly searched: boolean
}

/** What only others can compute: kept, exchanged, compared for equality, never invented. */
export interface OpaqueKind extends Named {
  readonly form: 'opaque'
}
