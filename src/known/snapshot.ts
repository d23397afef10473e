import { type FileHandle, open } from 'node:fs/promises'
import { createSealer, DATA_KEY_BYTES } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { IndexSource, SearchIndex } from '../index/index.ts'
import { Collection, type Context, keySpace, type Versionstamp } from '../store/index.ts'
import { KnownHashes } from './known-hashes.ts'
import { createKnownIndex, type KnownIndex } from './known-index.ts'
import { KnownItems, type LabelRange } from './known-items.ts'
import { PartReader } from './part-reader.ts'
import { overlaps, type PlaceRange, WHOLE } from './place-range.ts'
import {
  openSealedFile,
  type SealedFile,
  type SealedPart,
  sealedFileId,
  writeSealedFile,
} from './sealed-file.ts'

/** The format of the parts and of the records in them; another one is not read but replaced. */
const FORMAT = 3

interface Head {
  readonly format: number
  readonly kind: string
  /** Every change of the register up to here is in it. */
  readonly position: Versionstamp
  /** Absent where it is of all items. */
  readonly range?: PlaceRange
  readonly itemRows: number
  readonly hashRows: number
  /** How many rows there are of the digests that few items have, by kind; absent in files of before. */
  readonly digestRows?: Readonly<Partial<Record<string, number>>>
  /** How many items have each of the other digests, so that a start makes room once; absent in files of before. */
  readonly digestCounts?: KnownItems['digestCounts']
}

const NAMED = keySpace('known-snapshots')

interface NamedClear {
  readonly position: Versionstamp
  /** Absent where it is of all items. */
  readonly range?: PlaceRange
  /** The one in whose place it was put; null where there was none. */
  readonly replaced: string | null
}
interface NamedSealed {
  /** Of this file alone, base64: when it is gone the file is noise, wherever it lies. */
  readonly key: string
}

/**
 * Which snapshots were written from this store, by the id of their files: no other one is believed, nor can it be read.
 * Each place where a process of the house saves its own has two, the one that is there and the one before.
 */
function namedIn({ sealer }: Pick<Context, 'sealer'>): Collection<NamedClear, NamedSealed> {
  return new Collection(NAMED, sealer)
}

/** A snapshot of the known set, to be written while the set goes on changing. */
export interface KnownSnapshot {
  readonly position: Versionstamp
  /**
   * Seals it into the file, in place of the one before, unless that is newer: another process may share the directory.
   *
   * @param erasedUpTo Something was removed up to here: no file from before it that may hold it can be read any more,
   *   on whichever machine it is
   */
  write(context: Context, file: string, erasedUpTo: Versionstamp): Promise<void>
}

/**
 * Must be called while nothing is being added or removed; undefined where the index cannot be
 * saved. What is added later is not in it. What is removed later may be gone from it already, which
 * reading the changes again does not mind.
 */
export function takeSnapshot(
  known: KnownIndex,
  position: Versionstamp,
  range: PlaceRange,
): KnownSnapshot | undefined {
  const saved = known.searchIndex.save()
  if (saved === undefined) return undefined
  const head: Head = {
    format: FORMAT,
    kind: known.searchIndex.kind,
    position,
    range,
    itemRows: known.items.records.rows,
    hashRows: known.hashes.records.rows,
    digestRows: Object.fromEntries(
      [...known.items.rare].map(([type, { records }]) => [type, records.rows]),
    ),
    digestCounts: known.items.digestCounts,
  }
  async function* parts(): AsyncIterable<SealedPart> {
    yield { name: 'head', bytes: Buffer.from(JSON.stringify(head)) }
    for await (const bytes of saved ?? []) yield { name: 'index', bytes }
    for (const bytes of known.items.records.pages(head.itemRows)) yield { name: 'items', bytes }
    for (const bytes of known.hashes.records.pages(head.hashRows)) yield { name: 'hashes', bytes }
    for (const [type, { records }] of known.items.rare) {
      for (const bytes of records.pages(head.digestRows?.[type] ?? 0)) yield { name: type, bytes }
    }
  }
  return {
    position,
    async write(context, file, erasedUpTo) {
      const { random, store } = context
      const key = random.bytes(DATA_KEY_BYTES)
      const written = await writeSealedFile(
        file,
        { sealer: createSealer(key, random), random },
        parts(),
      )
      const named = namedIn(context)
      const replaced = await idInPlace(file)
      const former = { isErased: false }
      const isNewer = await store.transact(async (tx) => {
        const before = replaced === undefined ? undefined : await named.getClear(tx, replaced)
        if (before !== undefined && before.position > position) return false
        // The one before stays named: a crash before the next step leaves it in its place.
        if (typeof before?.replaced === 'string') named.delete(tx, before.replaced)
        former.isErased = before !== undefined && before.position < erasedUpTo
        for await (const { id, clear } of named.clearRows(tx)) {
          if (id === replaced || clear.position >= erasedUpTo) continue
          if (overlaps(clear.range ?? WHOLE, range)) named.delete(tx, id)
        }
        const clear = { position, range, replaced: replaced ?? null }
        named.put(tx, written.id, clear, { key: Buffer.from(key).toString('base64') })
        return true
      })
      if (!isNewer) {
        await written.discard()
        return
      }
      await written.putInPlace()
      if (former.isErased) await forgetReplaced(context, written.id)
    },
  }
}

/**
 * The known set as it was saved; undefined where there is no file. The changes of the register
 * since its position are still to be applied. Throws INDEX_CORRUPT, STORE_CORRUPT or KEY_WRONG where
 * the file is not one that this store can go on from, whatever was done to it.
 */
export async function loadSnapshot(
  context: Context,
  indexes: IndexSource,
  file: string,
  range: PlaceRange,
): Promise<{ known: KnownIndex; position: Versionstamp } | undefined> {
  const handle = await openFile(file)
  if (handle === undefined) return undefined
  try {
    const { id, parts } = await openSnapshot(handle, context)
    const reader = new PartReader(parts)
    const head = headOf(await reader.need('head'))
    if (head.kind !== indexes.kind) {
      throw refused(`it is of a ${head.kind} index, and a ${indexes.kind} one serves`)
    }
    const { from, to } = head.range ?? WHOLE
    if (from !== range.from || to !== range.to) throw refused('it is of another range of items')
    const searchIndex = await indexes.open(reader.all('index'))
    try {
      const known = await loadKnown(searchIndex, reader, head)
      // Where that fails the next save does it.
      await forgetReplaced(context, id).catch(() => undefined)
      return { known, position: head.position }
    } catch (error) {
      await searchIndex.close()
      throw error
    }
  } finally {
    await handle.close()
  }
}

/** Makes the file that this one replaced unreadable, of which a process that was killed in between leaves the key. */
function forgetReplaced(context: Pick<Context, 'store' | 'sealer'>, id: string): Promise<void> {
  const named = namedIn(context)
  return context.store.transact(async (tx) => {
    const { replaced } = (await named.getClear(tx, id)) ?? {}
    if (typeof replaced !== 'string') return
    if ((await named.getClear(tx, replaced)) !== undefined) named.delete(tx, replaced)
  })
}

async function loadKnown(
  searchIndex: SearchIndex,
  reader: PartReader,
  head: Head,
): Promise<KnownIndex> {
  const items = new KnownItems()
  const hashes = new KnownHashes()
  const removed: LabelRange[] = []
  items.reserve(head.itemRows, head.digestCounts ?? {})
  for await (const page of reader.all('items')) items.load(page, removed)
  for await (const page of reader.all('hashes')) hashes.load(page)
  for (const [type, digests] of items.rare) {
    for await (const page of reader.all(type)) digests.load(page)
  }
  await reader.end()
  const isWhole =
    items.records.rows === head.itemRows &&
    hashes.records.rows === head.hashRows &&
    [...items.rare].every(([type, { records }]) => records.rows === (head.digestRows?.[type] ?? 0))
  if (!isWhole) throw refused('it does not hold what it says')
  const known = createKnownIndex(searchIndex, items, hashes)
  await known.forget(removed)
  return known
}

/** Throws INDEX_CORRUPT where it was not written from this store, or must not be read any more. */
export async function openSnapshot(
  handle: FileHandle,
  context: Pick<Context, 'store' | 'sealer' | 'random'>,
): Promise<SealedFile> {
  const id = await sealedFileId(handle)
  const named = await context.store.transact((tx) => namedIn(context).get(tx, id))
  if (named === undefined) throw refused('it was not written from this store as it is')
  const key = Buffer.from(named.sealed.key, 'base64')
  return openSealedFile(handle, { sealer: createSealer(key, context.random) })
}

/** Up to where the file holds the register; undefined where there is none that is believed. */
export async function positionInPlace(
  context: Pick<Context, 'store' | 'sealer'>,
  file: string,
): Promise<Versionstamp | undefined> {
  const id = await idInPlace(file)
  if (id === undefined) return undefined
  const named = await context.store.transact((tx) => namedIn(context).getClear(tx, id))
  return named?.position
}

async function idInPlace(file: string): Promise<string | undefined> {
  const handle = await openFile(file)
  try {
    return handle && (await sealedFileId(handle))
  } catch {
    // What is no snapshot is replaced by one.
    return undefined
  } finally {
    await handle?.close()
  }
}

function headOf(bytes: Uint8Array): Head {
  const head = JSON.parse(Buffer.from(bytes).toString()) as Head
  if (head.format === FORMAT) return head
  throw refused(`it has format ${head.format}, this is ${FORMAT}`)
}

function refused(why: string): HindraError {
  return new HindraError('INDEX_CORRUPT', `the saved index is refused: ${why}`)
}

async function openFile(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
