import { closeAll } from '../core/index.ts'
import type { LearnedVector, SoughtDigest } from '../fingerprint/index.ts'
import { type IndexSource, openVectors, type SearchIndex } from '../index/index.ts'
import type { ClientHash } from '../intake/index.ts'
import type { ModelFacts } from '../model/index.ts'
import type { Context, Versionstamp } from '../store/index.ts'
import {
  type CandidateItem,
  candidatesOf,
  NO_PROPOSALS,
  type Proposals,
} from './candidate-source.ts'
import {
  createKnownFollower,
  type FollowedItems,
  type FollowerParts,
  type KnownFollower,
} from './known-follower.ts'
import { createKnownIndex, type KnownIndex } from './known-index.ts'
import { KnownVectors, type Resemblance } from './known-vectors.ts'
import { itemsWithin, type PlaceRange, WHOLE } from './place-range.ts'
import type { BareRadii, Searchable } from './probes.ts'
import { createSnapshotStore, type SnapshotOptions } from './snapshot-store.ts'
import type { RawHit } from './raw-hit.ts'
import { votedCandidates } from './voted-candidates.ts'
import { loadBeside, withBeside } from './with-beside.ts'

/**
 * What matching looks into: every item that can match, in memory, behind the store by moments. Its
 * hits are hints; whoever acts on one reads the item again.
 */
export interface KnownSet {
  /** What this process holds of it. */
  readonly items: number
  readonly hashes: number
  /** The digests by which a file may be found that its SHA-256 does not find. */
  readonly soughtDigests: readonly SoughtDigest[]
  readonly index: Pick<SearchIndex, 'kind' | 'exact'>
  /**
   * All views of a picture, all frames of a film, and the digests. Radius 0 to 64; a view that may be off is looked for
   * so much further, up to 64.
   */
  search(fingerprint: Searchable, radius: number): Promise<RawHit[]>
  /**
   * Searches by hashes that a client made, also turned and mirrored; quality 0 where the client did not tell it. Throws
   * as `search`.
   */
  searchHashes(hashes: readonly ClientHash[], radii: BareRadii): Promise<RawHit[]>
  /**
   * At most `limit` items that the picture may show, altered or in part, by its local features
   * (see `sightMedia`). None where features are not kept.
   */
  candidates(seen: Uint8Array, limit: number): Promise<CandidateItem[]>
  /**
   * Items whose pictures the model finds like this one, nearest first, of at most `limit` vectors. None
   * without a model, and where the vector is another model's.
   */
  resembling(seen: LearnedVector, limit: number): Promise<readonly Resemblance[]>
  /** Of what this process holds: own items that the model has described, and that it never saw. Absent without a model. */
  readonly described: KnownVectors['counts'] | undefined
  /** Resolves when everything that any process committed before the call is in the set. */
  catchUp(): Promise<void>
  /** All that was committed up to here is in the set: what a search finds that begins now is no older. */
  readonly position: Versionstamp
  /** Saves the set anew, where it is to be saved: what was saved before may be sealed by an old key. */
  save(): Promise<void>
  /** Saves the set, where it is to be saved, and closes its index. */
  close(): Promise<void>
}

/** What a range of the items answers, whoever holds it. */
export interface KnownPart extends Pick<KnownSet, 'search' | 'searchHashes' | 'resembling'> {
  /** See `KnownSet.candidates`. */
  proposals(seen: Uint8Array, limit: number): Promise<Proposals>
}

/** A range of the items in the memory of this process: all of them, unless others hold the rest. */
export interface KnownRange extends KnownSet, KnownPart {}

export interface KnownSetOptions {
  /** The items that this process holds: all by default. */
  readonly range?: PlaceRange
  readonly indexes: IndexSource
  /** Whether items are found by their local features too. */
  readonly candidates?: boolean
  /** The model whose vectors are looked into. */
  readonly model?: ModelFacts | undefined
  /** Where the set is saved, so that a start need not read the whole register. */
  readonly snapshot?: SnapshotOptions
  /** What the operator should know: a saved set that could not be used, or not be written. */
  readonly warn?: (message: string) => void
}

/**
 * Loads what was saved and what changed since, or the whole register, and follows it. A search throws what keeps it from
 * following, as a set that silently stays behind would miss what it should find: see `KnownFollower.answer`.
 */
export async function openKnownSet(
  context: Context,
  all: FollowedItems,
  {
    indexes,
    snapshot,
    candidates = false,
    model,
    range = WHOLE,
    warn = () => undefined,
  }: KnownSetOptions,
): Promise<KnownRange> {
  const closing = new AbortController()
  const register = itemsWithin(all, range)
  const snapshots = snapshot && createSnapshotStore(context, indexes, { ...snapshot, range }, warn)
  const parts: FollowerParts = {
    register,
    changed: (count, removed) => snapshots?.changed(count, removed),
    overtaken: () => {
      warn('the register changed more than its feed keeps: all of it is read anew')
    },
  }
  const features = candidates ? votedCandidates() : undefined
  const vectors = model && new KnownVectors(openVectors(model.dimensions), model)
  const beside = [features, vectors].filter((each) => each !== undefined)
  const follower = (await fromSnapshot()) ?? (await fromRegister())
  const { known } = follower
  snapshots?.keep(follower)

  const following = follower.follow(closing.signal)

  return {
    get items() {
      return known.items.count
    },
    get hashes() {
      return known.hashes.count
    },
    get soughtDigests() {
      return known.items.soughtDigests
    },
    index: known.searchIndex,
    search: (fingerprint, radius) => follower.answer(() => known.search(fingerprint, radius)),
    searchHashes: (hashes, radii) => follower.answer(() => known.searchHashes(hashes, radii)),
    proposals,
    candidates: async (seen, limit) => candidatesOf([await proposals(seen, limit)], limit),
    resembling: async (seen, limit) =>
      vectors === undefined ? [] : follower.answer(() => vectors.resembling(seen, limit)),
    get described() {
      return vectors?.counts
    },
    catchUp: () => follower.catchUp(),
    get position() {
      return follower.position
    },
    save: async () => snapshots?.saveAnew(),
    async close() {
      closing.abort()
      await following
      await closeAll([
        () => snapshots?.close(),
        () => follower.still(() => known.searchIndex.close()),
        () => features?.close(),
        () => vectors?.close(),
      ])
    },
  }

  async function proposals(seen: Uint8Array, limit: number): Promise<Proposals> {
    if (features === undefined) return NO_PROPOSALS
    return follower.answer(() => features.proposals(seen, limit))
  }

  /** Undefined where there is none that can be gone on from. */
  async function fromSnapshot(): Promise<KnownFollower<KnownIndex> | undefined> {
    const saved = await snapshots?.load()
    if (saved === undefined) return undefined
    const { known: loaded, position } = saved
    const opened = followerOf(loaded, position)
    try {
      await loadBeside(loaded, beside, register)
      await opened.catchUp()
      if ((await loaded.searchIndex.size()) === loaded.hashes.count) return opened
    } catch (error) {
      await loaded.searchIndex.close()
      throw error
    }
    await loaded.searchIndex.close()
    await snapshots?.refuse('index and items do not agree')
    return undefined
  }

  async function fromRegister(): Promise<KnownFollower<KnownIndex>> {
    const searchIndex = await indexes.open()
    try {
      const opened = followerOf(createKnownIndex(searchIndex))
      await opened.catchUp()
      return opened
    } catch (error) {
      await searchIndex.close()
      throw error
    }
  }

  function followerOf(index: KnownIndex, position?: Versionstamp): KnownFollower<KnownIndex> {
    return createKnownFollower(context, withBeside(index, beside), parts, position)
  }
}
