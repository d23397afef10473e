import {
  createKeyRing,
  createSealer,
  DATA_KEY_BYTES,
  type KeyRing,
  keysFrom,
  newSealKey,
  type Random,
  type SealKey,
  type SealKeys,
  own,
  versionsKeyOf,
} from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { keySpace } from './key-space.ts'
import type { Key, Store, Transaction } from './port.ts'

/** Where the keys of the records are, each wrapped by the data keys that may open the store. */
export const KEY_RING = keySpace('system', 'key-ring')()

const FORMAT = 1
const RING_AAD = 'system/key-ring'
const WRAP_AAD = 'system/key-ring/wrap'

interface RingRecord {
  readonly format: typeof FORMAT
  /** The keys of the records, sealed by the ring key: base64. */
  readonly ring: string
  /** The ring key by id of the data key that opens it: base64. */
  readonly wraps: Readonly<Record<string, string>>
  /** Id of the data key that came last: once it is in its place, the others end. */
  readonly newest: string
}

interface RingJson {
  readonly digest: string
  readonly seal: readonly { readonly id: string; readonly key: string }[]
  readonly versions?: true
}

/**
 * The keys of a store. A data key, which people keep, opens a ring of keys that seal the records; so
 * a data key can be exchanged at once, and the records are sealed anew behind it.
 */
export interface DataKeys {
  readonly sealer: KeyRing
  /** Ids of the data keys that open the store now; the newest last. */
  opening(): Promise<readonly string[]>
  /**
   * From now on both data keys open the store, and records are sealed by a key of their own. `also`
   * joins the transaction, here and below.
   */
  begin(next: Uint8Array, also: Also): Promise<void>
  /** From now on only this data key opens the store. Throws CONFLICT where it is not the newest. */
  finish(dataKey: Uint8Array, also: Also): Promise<void>
  /** Forgets the keys that nothing is sealed with any more. */
  drop(also: Also): Promise<void>
  /** Seals a key by the data key in force: base64, opened by `openWrapped`. */
  wrap(key: Uint8Array): { readonly id: string; readonly sealed: string }
}

type Also = (tx: Transaction) => void

/** Names a data key without telling it: 8 hex digits. */
export function dataKeyId(dataKey: Uint8Array): string {
  return keysFrom(dataKey).sealKeys[0].id
}

/**
 * Opens the keys of a store, and makes them where there are none; from then on the store keeps the versions
 * of its records. Throws KEY_WRONG where the data key does not open this store, before anything is read or
 * written with it, and STORE_REPLAYED.
 *
 * @param options.versions `anew` where somebody accepts that they are lost; `none` where nothing is to be written
 * @param options.present The data key as it is now where it comes from: another process may have exchanged it
 */
export async function openDataKeys(
  store: Store,
  dataKey: Uint8Array,
  random: Random,
  options: {
    readonly versions?: 'known' | 'anew' | 'none'
    readonly present?: () => Uint8Array
  } = {},
): Promise<DataKeys> {
  const { versions = 'known', present = () => dataKey } = options
  let inForce = dataKey
  let { keys } = await store.transact((tx) => openOrMake(tx, dataKey, random))
  if (versions !== 'none') {
    // The flag comes last: whoever is interrupted before it begins again.
    const wanted = keys.keepsVersions === true || versions === 'anew' ? versions : 'begun'
    await store.keepVersions(versionsKeyOf(keys), wanted)
    if (keys.keepsVersions !== true) {
      keys = await changed((ring) => ({ keys: { ...ring.keys, keepsVersions: true } }))
    }
  }
  const sealer = createKeyRing(keys, random)
  store.restOn(KEY_RING, (value) => {
    const record = recordOf(value)
    const opens = (key: Uint8Array) => own(record.wraps, dataKeyId(key)) !== undefined
    if (!opens(inForce)) inForce = present()
    sealer.use(unlocked(record, inForce, random).keys)
  })

  /** Writes the ring anew, from what it is in the store: another process may have changed it. */
  function changed(change: (ring: Ring) => Partial<Ring>, also: Also = () => undefined) {
    return store.transact(async (tx) => {
      const record = await need(tx)
      const before: Ring = { ...record, ...unlocked(record, inForce, random) }
      const after = { ...before, ...change(before) }
      put(tx, after, after.keys, after.ringKey, random)
      also(tx)
      return after.keys
    })
  }

  return {
    sealer,
    async opening() {
      const { wraps, newest } = await store.transact(need)
      return [...Object.keys(wraps).filter((id) => id !== newest), newest]
    },
    async begin(next, also) {
      const newest = dataKeyId(next)
      const sealKey = newSealKey(random)
      const began = await changed(({ wraps, keys: { sealKeys, ...rest }, ringKey }) => {
        if (sealKeys.length > 1 || Object.keys(wraps).length > 1) {
          throw new HindraError('CONFLICT', 'an exchange of the data key is not finished yet')
        }
        return {
          wraps: { ...wraps, [newest]: wrap(ringKey, next, random) },
          newest,
          keys: { ...rest, sealKeys: [sealKey, ...sealKeys] },
        }
      }, also)
      sealer.use(began)
    },
    async finish(lasting, also) {
      const id = dataKeyId(lasting)
      // The ring key is another one, too: who kept the old one has nothing of use.
      const ringKey = random.bytes(DATA_KEY_BYTES)
      await changed(({ newest }) => {
        if (id !== newest) throw new HindraError('CONFLICT', `the newest data key is ${newest}`)
        return { wraps: { [id]: wrap(ringKey, lasting, random) }, ringKey }
      }, also)
      inForce = lasting
    },
    async drop(also) {
      const { keyId } = sealer
      const left = await changed(({ keys: { sealKeys, ...rest } }) => {
        const [present] = sealKeys
        // Another exchange has begun since: what is sealed by this key is not sealed anew yet.
        if (present.id !== keyId)
          throw new HindraError('CONFLICT', `the present key is ${present.id}`)
        return { keys: { ...rest, sealKeys: [present] } }
      }, also)
      sealer.use(left)
    },
    wrap: (key) => ({ id: dataKeyId(inForce), sealed: wrap(key, inForce, random) }),
  }
}

/** A ring that one data key opens: for a store that is made of a backup. */
export function keyRingPair(
  keys: SealKeys,
  dataKey: Uint8Array,
  random: Random,
): { readonly key: Key; readonly value: Uint8Array } {
  const ringKey = random.bytes(DATA_KEY_BYTES)
  const newest = dataKeyId(dataKey)
  const wraps = { [newest]: wrap(ringKey, dataKey, random) }
  return { key: KEY_RING, value: encode({ wraps, newest }, keys, ringKey, random) }
}

/** Throws KEY_WRONG, STORE_CORRUPT. */
export function openWrapped(dataKey: Uint8Array, sealed: string, random: Random): Uint8Array {
  return createSealer(dataKey, random).open(Buffer.from(sealed, 'base64'), WRAP_AAD)
}

/** What is in the store, opened. */
interface Ring extends Pick<RingRecord, 'wraps' | 'newest'> {
  readonly keys: SealKeys
  readonly ringKey: Uint8Array
}

async function openOrMake(
  tx: Transaction,
  dataKey: Uint8Array,
  random: Random,
): Promise<Pick<Ring, 'keys'>> {
  const bytes = await tx.get(KEY_RING)
  if (bytes !== undefined) return unlocked(recordOf(bytes), dataKey, random)
  const id = dataKeyId(dataKey)
  const ringKey = random.bytes(DATA_KEY_BYTES)
  const keys: SealKeys = {
    digestKey: random.bytes(DATA_KEY_BYTES),
    sealKeys: [newSealKey(random)],
  }
  put(tx, { wraps: { [id]: wrap(ringKey, dataKey, random) }, newest: id }, keys, ringKey, random)
  return { keys }
}

/** Throws KEY_WRONG, STORE_CORRUPT. */
function unlocked(
  record: RingRecord,
  dataKey: Uint8Array,
  random: Random,
): Pick<Ring, 'keys' | 'ringKey'> {
  const id = dataKeyId(dataKey)
  const wrapped = own(record.wraps, id)
  if (wrapped === undefined) {
    const ids = Object.keys(record.wraps).join(', ')
    throw new HindraError('KEY_WRONG', `the data key is ${id}; this store is opened by ${ids}`)
  }
  try {
    const ringKey = openWrapped(dataKey, wrapped, random)
    const plain = createSealer(ringKey, random).open(Buffer.from(record.ring, 'base64'), RING_AAD)
    return { keys: keysOf(JSON.parse(Buffer.from(plain).toString('utf8')) as RingJson), ringKey }
  } catch (cause) {
    // The key is the one that the ring names: what it does not open was changed.
    throw unreadableRing(cause)
  }
}

function put(tx: Transaction, ...ring: Parameters<typeof encode>): void {
  tx.put(KEY_RING, encode(...ring))
}

function encode(
  { wraps, newest }: Pick<RingRecord, 'wraps' | 'newest'>,
  keys: SealKeys,
  ringKey: Uint8Array,
  random: Random,
): Uint8Array {
  const plain = Buffer.from(JSON.stringify(ringJson(keys)))
  const ring = Buffer.from(createSealer(ringKey, random).seal(plain, RING_AAD)).toString('base64')
  const record: RingRecord = { format: FORMAT, ring, wraps, newest }
  return Buffer.from(JSON.stringify(record))
}

function wrap(ringKey: Uint8Array, dataKey: Uint8Array, random: Random): string {
  return Buffer.from(createSealer(dataKey, random).seal(ringKey, WRAP_AAD)).toString('base64')
}

function recordOf(bytes: Uint8Array | undefined): RingRecord {
  if (bytes === undefined) {
    throw new HindraError('STORE_CORRUPT', 'the store has lost its key ring')
  }
  try {
    const record = JSON.parse(Buffer.from(bytes).toString('utf8')) as RingRecord
    if ((record.format as unknown) === FORMAT) return record
  } catch {
    // Told below.
  }
  throw unreadableRing()
}

function unreadableRing(cause?: unknown): HindraError {
  return new HindraError('STORE_CORRUPT', 'the key ring of the store cannot be read', { cause })
}

async function need(tx: Transaction): Promise<RingRecord> {
  return recordOf(await tx.get(KEY_RING))
}

/** As they are written into a ring or a backup, sealed there. */
export function ringJson({ digestKey, sealKeys, keepsVersions }: SealKeys): RingJson {
  const text = (key: Uint8Array) => Buffer.from(key).toString('base64')
  return {
    digest: text(digestKey),
    seal: sealKeys.map(({ id, key }) => ({ id, key: text(key) })),
    ...(keepsVersions && { versions: keepsVersions }),
  }
}

export function keysOf({ digest, seal, versions }: RingJson): SealKeys {
  const bytes = (text: string) => Buffer.from(text, 'base64')
  const [first, ...rest] = seal.map(({ id, key }): SealKey => ({ id, key: bytes(key) }))
  if (first === undefined) throw new HindraError('STORE_CORRUPT', 'a key ring holds no key')
  return {
    digestKey: bytes(digest),
    sealKeys: [first, ...rest],
    ...(versions && { keepsVersions: versions }),
  }
}
