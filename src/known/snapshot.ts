import { type FileHandle, open } from 'node:fs/promises'
import { HindraError } from '../errors.ts'
import type { IndexSource, SearchIndex } from '../index/index.ts'
import { type Context, keySpace, type Store, type Versionstamp } from '../store/index.ts'
import { KnownHashes } from './known-hashes.ts'
import { createKnownIndex, type KnownIndex } from './known-index.ts'
import { KnownItems, type LabelRange } from './known-items.ts'
import { PartReader } from './part-reader.ts'
import { openSealedFile, type SealedPart, writeSealedFile } from './sealed-file.ts'

/** The format of the parts and of the records in them; another one is not read but replaced. */
const FORMAT = 3

interface Head {
  readonly format: number
  readonly kind: string
  /** Every change of the register up to here is in it. */
  readonly position: Versionstamp
  readonly itemRows: number
  readonly hashRows: number
  /** How many rows there are of the digests that few items have, by kind; absent in files of before. */
  readonly digestRows?: Readonly<Partial<Record<string, number>>>
}

/** Which snapshots were written from this store, the newest first: no other one is believed. */
const NAMED = keySpace('known-snapshots')()
const NAMED_MAX = 2

/** A snapshot of the known set, to be written while the set goes on changing. */
export interface KnownSnapshot {
  readonly position: Versionstamp
  /** Seals it into the file, in place of the one before. */
  write(context: Context, file: string): Promise<void>
}

/**
 * Must be called while nothing is being added or removed; undefined where the index cannot be
 * saved. What is added later is not in it. What is removed later may be gone from it already, which
 * reading the changes again does not mind.
 */
export function takeSnapshot(known: KnownIndex, position: Versionstamp): KnownSnapshot | undefined {
  const saved = known.searchIndex.save()
  if (saved === undefined) return undefined
  const head: Head = {
    format: FORMAT,
    kind: known.searchIndex.kind,
    position,
    itemRows: known.items.records.rows,
    hashRows: known.hashes.records.rows,
    digestRows: Object.fromEntries(
      [...known.items.rare].map(([type, { records }]) => [type, records.rows]),
    ),
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
    async write(context, file) {
      const written = await writeSealedFile(file, context, parts())
      // The one before stays named: a crash before the next step leaves it in its place.
      await context.store.transact(async (tx) => {
        const named = namesIn(await tx.get(NAMED))
        tx.put(NAMED, Buffer.from([written.id, ...named].slice(0, NAMED_MAX).join('\n')))
      })
      await written.putInPlace()
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
): Promise<{ known: KnownIndex; position: Versionstamp } | undefined> {
  const handle = await openFile(file)
  if (handle === undefined) return undefined
  try {
    const { id, parts } = await openSealedFile(handle, context)
    await assertNamed(context.store, id)
    const reader = new PartReader(parts)
    const head = headOf(await reader.need('head'))
    if (head.kind !== indexes.kind) {
      throw refused(`it is of a ${head.kind} index, and a ${indexes.kind} one serves`)
    }
    const searchIndex = await indexes.open(reader.all('index'))
    try {
      const known = await loadKnown(searchIndex, reader, head)
      return { known, position: head.position }
    } catch (error) {
      await searchIndex.close()
      throw error
    }
  } finally {
    await handle.close()
  }
}

async function loadKnown(
  searchIndex: SearchIndex,
  reader: PartReader,
  head: Head,
): Promise<KnownIndex> {
  const items = new KnownItems()
  const hashes = new KnownHashes()
  const removed: LabelRange[] = []
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

async function assertNamed(store: Store, id: string): Promise<void> {
  const named = await store.transact(async (tx) => namesIn(await tx.get(NAMED)))
  if (!named.includes(id)) throw refused('it was not written from this store as it is')
}

function headOf(bytes: Uint8Array): Head {
  const head = JSON.parse(Buffer.from(bytes).toString()) as Head
  if (head.format === FORMAT) return head
  throw refused(`it has format ${head.format}, this is ${FORMAT}`)
}

function namesIn(value: Uint8Array | undefined): readonly string[] {
  return value === undefined ? [] : Buffer.from(value).toString().split('\n')
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
