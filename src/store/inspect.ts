import type { Sealer } from '../core/index.ts'
import { readMark } from './level/commit-mark.ts'
import { readable, recordName } from './damage.ts'
import { asBuffer, encodedOf, isDataKey } from './layout.ts'
import { lossesOf, readLogs } from './level/log-files.ts'
import type { Key, Store } from './port.ts'
import { unsealed } from './reseal.ts'
import { sealedBy } from './sealed-value.ts'
import { readTables } from './level/table-files.ts'
import { decodeKey } from './tuple.ts'

/** Damage that is named; of more there is the number. */
const NAMED_MAX = 1_000

/** What a reading of all of a store came to. */
export interface FilesRead {
  readonly files: number
  readonly bytes: number
  /** What the logs have lost, in words. */
  readonly lost: readonly string[]
  /** Of the tables: file, place, and records of which some are damaged. */
  readonly damaged: readonly string[]
}

export interface RecordsRead {
  readonly records: number
  /** Of these: what the data key opened. */
  readonly sealed: number
  readonly damagedRecords: number
  /** Kind and id, at most 1,000. */
  readonly damaged: readonly string[]
  /** Records that were put back or taken away by who has the disk, in words. */
  readonly replayed: readonly string[]
}

/** Compares every checksum of the files, which LevelDB itself does not. They may be in use. */
export async function readFiles(
  directory: string,
  progress: (file: string) => void,
): Promise<FilesRead> {
  const mark = await readMark(directory)
  const lost = lossesOf(await readLogs(directory), mark)
  const found = { files: 0, bytes: 0, lost, damaged: [] as string[] }
  for await (const { name, bytes, damaged } of readTables(directory)) {
    progress(name)
    found.files += 1
    found.bytes += bytes
    found.damaged.push(...damaged)
  }
  return found
}

/** Opens everything that is sealed, as of one moment. */
export async function readRecords(
  store: Pick<Store, 'dump' | 'checkRecords' | 'damaged'>,
  sealer: Sealer,
  progress: (records: number) => void,
): Promise<RecordsRead> {
  const found = { records: 0, sealed: 0, damagedRecords: 0, damaged: [] as string[] }
  let kind = { name: '', hasSealed: false, others: [] as Key[] }
  for await (const { key: raw, value: bytes } of store.dump()) {
    const [place, value] = [asBuffer(raw), asBuffer(bytes)]
    if (!isDataKey(place)) continue
    const key = readable(() => decodeKey(encodedOf(place)))
    found.records += 1
    progress(found.records)
    if (key === undefined) {
      note('a record whose key cannot be read')
      continue
    }
    const [name = ''] = key.map(String)
    if (name !== kind.name) endKind(name)
    if (sealedBy(value) === undefined) {
      if (kind.others.length < NAMED_MAX) kind.others.push(key)
      continue
    }
    kind.hasSealed = true
    if (readable(() => unsealed(key, value, sealer)) === undefined) note(recordName(key))
    else found.sealed += 1
  }
  endKind('')
  await store.checkRecords(new AbortController().signal)
  return { ...found, replayed: store.damaged() }

  /** What is not sealed where its kind is, was sealed once. */
  function endKind(name: string): void {
    if (kind.hasSealed) for (const key of kind.others) note(recordName(key))
    kind = { name, hasSealed: false, others: [] }
  }

  function note(record: string): void {
    found.damagedRecords += 1
    if (found.damaged.length < NAMED_MAX) found.damaged.push(record)
  }
}
