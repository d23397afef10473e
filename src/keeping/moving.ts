import { createHash, type Hash } from 'node:crypto'
import { createAudit } from '../audit/index.ts'
import { type Config, type StorePlace, storePlace } from '../config.ts'
import { type Clock, createIds, isoTime, type Random } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import {
  hasStore,
  openDataKeys,
  openStore,
  placeName,
  proveFormat,
  removeStore,
  restoreStore,
  type Store,
  type StoredPair,
  unfinishedStore,
} from '../store/index.ts'

const SYSTEM = 'hindra'
const SAID_EVERY = 50_000
const LENGTHS_BYTES = 8

export interface MoveReport {
  readonly from: string
  readonly to: string
  /** Keys and values, in the digest that both stores have. */
  readonly pairs: number
  readonly sha256: string
  /** What the former store is called from now on, so that nobody goes on with it. */
  readonly retired: string
}

export interface MoveOptions {
  readonly config: Config
  readonly to: StorePlace
  readonly dataKey: Uint8Array
  readonly clock: Clock
  readonly random: Random
  /** A line for people, now and then. */
  readonly progress: (line: string) => void
}

interface Copied {
  readonly pairs: number
  readonly sha256: string
}

/**
 * Moves the store to another place, as it is, compares both, and retires the former one. Nobody may have it open, and
 * nobody can until it is retired: what is answered meanwhile would stay behind. One that was broken off is gone on with
 * by the next: a whole copy is compared, half of one is completed. Throws STORE_LOCKED, STORE_REPLAYED,
 * ALREADY_INITIALISED where another store is at the new place, STORE_CORRUPT where the copy is not the same.
 */
export async function moveStore(options: MoveOptions): Promise<MoveReport> {
  const { config, to, dataKey, random, clock, progress } = options
  const from = storePlace(config)
  if (placeName(from) === placeName(to)) {
    throw new HindraError('INVALID_INPUT', `the store is at ${placeName(to)} already`)
  }
  const isThere = await hasStore(to)
  return withStore(config, from, progress, async (source) => {
    await proveFormat({ store: source })
    const { sealer } = await openDataKeys(source, dataKey, random)
    const isBegun = !isThere && (await unfinishedStore(to)) === source.version()
    if (isBegun) progress('goes on with a copy that was broken off')
    if (!isThere && !isBegun) {
      const audit = createAudit({
        store: source,
        sealer,
        clock,
        random,
        newId: createIds(clock, random),
      })
      await source.transact((tx) => {
        const detail = { from: kindOf(from), to: kindOf(to) }
        audit.append(tx, { by: SYSTEM, action: 'store.move', subject: 'store', detail })
        return Promise.resolve()
      })
      await audit.close()
    }
    const version = source.version()
    const copied = isThere ? await digestOf(source, progress) : await copy(source, to, progress)
    progress(`comparing ${copied.pairs} records`)
    const { isSame, retired } = await withStore(config, to, progress, async (target) => {
      const { sha256 } = await digestOf(target, progress)
      if (sha256 !== copied.sha256) return { isSame: false, retired: undefined }
      const mark = isoTime(clock.now()).replace(/\D/g, '')
      return { isSame: true, retired: await source.retire(mark, version) }
    })
    if (retired !== undefined) {
      return { from: placeName(from), to: placeName(to), ...copied, retired }
    }
    if (isThere) {
      throw new HindraError('ALREADY_INITIALISED', `there is another store at ${placeName(to)}`)
    }
    await removeStore(to)
    throw isSame
      ? new HindraError(
          'STORE_LOCKED',
          'another process wrote to it: the copy was taken away again',
        )
      : new HindraError('STORE_CORRUPT', 'the copy is not the same, and was taken away again')
  })
}

async function copy(
  source: Store,
  to: StorePlace,
  progress: MoveOptions['progress'],
): Promise<Copied> {
  const reading = digesting(source.dump(), progress)
  // Whoever changes the store between two tries changes its version, and all is copied anew.
  await restoreStore(to, { pairs: reading.pairs, mark: source.version() })
  return reading.end()
}

async function digestOf(store: Store, progress: MoveOptions['progress']): Promise<Copied> {
  const reading = digesting(store.dump(), progress)
  const pairs = reading.pairs[Symbol.asyncIterator]()
  while ((await pairs.next()).done !== true);
  return reading.end()
}

/** The same pairs, and at their end what they come to. */
function digesting(dump: AsyncIterable<StoredPair>, progress: MoveOptions['progress']) {
  const hash = createHash('sha256')
  let count = 0
  async function* pairs(): AsyncGenerator<StoredPair> {
    for await (const pair of dump) {
      add(hash, pair)
      count += 1
      if (count % SAID_EVERY === 0) progress(`${count} records so far`)
      yield pair
    }
  }
  return { pairs: pairs(), end: () => ({ pairs: count, sha256: hash.digest('hex') }) }
}

function add(hash: Hash, { key, value }: StoredPair): void {
  const lengths = Buffer.alloc(LENGTHS_BYTES)
  lengths.writeUInt32BE(key.length)
  lengths.writeUInt32BE(value.length, LENGTHS_BYTES / 2)
  hash.update(lengths).update(key).update(value)
}

async function withStore<T>(
  config: Config,
  place: StorePlace,
  warn: (message: string) => void,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const url = 'url' in place ? place.url : undefined
  const store = await openStore({ ...config, store: { ...config.store, url } }, warn, 'alone')
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** What the audit says of a place: no address. */
function kindOf(place: StorePlace): string {
  return 'url' in place ? 'postgres' : 'directory'
}
