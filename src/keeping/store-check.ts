import { type Audit, createAudit } from '../audit/index.ts'
import { type Config, storeDirectory, storePlace } from '../config.ts'
import { type Clock, createIds, type Random } from '../core/index.ts'
import { toHindraError } from '../errors.ts'
import {
  acceptedLosses,
  acceptLosses,
  type Context,
  type FilesRead,
  openDataKeys,
  noteLosses,
  openStore,
  readFiles,
  readRecords,
  type RecordsRead,
} from '../store/index.ts'

const SYSTEM = 'hindra'

export interface StoreReport {
  /** What the disk has lost and somebody accepted just now. */
  readonly acceptedLosses: readonly string[]
  /** Null where the store is in a database, which looks after its own. */
  readonly files: FilesRead | null
  /** Null where the store could not be opened. */
  readonly records: RecordsRead | null
  /** Why that is, with its code where it has one. */
  readonly notOpened: string | null
}

export interface StoreCheckOptions {
  readonly config: Config
  readonly dataKey: Uint8Array
  readonly clock: Clock
  readonly random: Random
  /** Goes on without what the disk has lost. */
  readonly acceptLoss: boolean
  /** A line for people, now and then. */
  readonly progress: (line: string) => void
}

const VERSIONS_LOST =
  'which copies of the records are the newest: those that are there were taken for it'
const SAID_EVERY = 50_000

/**
 * Reads all of a store: compares the checksums of its files, also while a server runs, and opens every
 * record with the data key where none does and the files are whole. Throws what keeps it from reading the files, and
 * STORE_LOCKED where losses are to be accepted while a server runs.
 */
export async function checkStore(options: StoreCheckOptions): Promise<StoreReport> {
  const { config, acceptLoss, progress } = options
  const place = storePlace(config)
  const accepted = acceptLoss && 'directory' in place ? await acceptLosses(place.directory) : []
  const files = 'directory' in place ? await readFiles(place.directory, said) : null
  if (files !== null && files.damaged.length > 0) {
    const notOpened = 'LevelDB can end the process over a damaged table'
    return { acceptedLosses: accepted, files, records: null, notOpened }
  }
  try {
    const { records, lost } = await allRecords(options)
    return { acceptedLosses: [...accepted, ...lost], files, records, notOpened: null }
  } catch (error) {
    const { code, message } = toHindraError(error)
    return { acceptedLosses: accepted, files, records: null, notOpened: `${code}: ${message}` }
  }

  function said(name: string): void {
    progress(`file ${name}`)
  }
}

/** What else was lost and accepted is which copies of the records are the newest. */
async function allRecords(
  options: StoreCheckOptions,
): Promise<{ readonly records: RecordsRead; readonly lost: readonly string[] }> {
  const { config, dataKey, clock, random, acceptLoss, progress } = options
  const store = await openStore(config, progress, acceptLoss ? 'alone' : 'shared')
  const lost: string[] = []
  try {
    const { sealer } = await openDataKeys(store, dataKey, random).catch(async (error: unknown) => {
      if (!acceptLoss || toHindraError(error).code !== 'STORE_REPLAYED') throw error
      lost.push(VERSIONS_LOST)
      // A note beside the store is for who is killed before the audit has it.
      if ('directory' in storePlace(config)) await noteLosses(storeDirectory(config), lost)
      return openDataKeys(store, dataKey, random, { versions: 'anew' })
    })
    if (acceptLoss) {
      const audit = createAudit({ store, sealer, clock, random, newId: createIds(clock, random) })
      await auditLosses({ store }, audit, config, lost)
      await audit.close()
    }
    const records = await readRecords(store, sealer, (read) => {
      if (read % SAID_EVERY === 0) progress(`${read} records so far`)
    })
    return { records, lost }
  } finally {
    await store.close()
  }
}

/** Puts losses that somebody accepted into the audit: the store was not open when that was done. */
export async function auditLosses(
  { store }: Pick<Context, 'store'>,
  audit: Audit,
  config: Config,
  known: readonly string[] = [],
): Promise<void> {
  const { lost: noted, forget } = await acceptedLosses(storeDirectory(config))
  const lost = noted.length > 0 ? noted : known
  if (lost.length === 0) return
  await store.transact((tx) => {
    const detail = { lost: lost.join('; ') }
    audit.append(tx, { by: SYSTEM, action: 'store.accept-loss', subject: 'store', detail })
    return Promise.resolve()
  })
  await forget()
}
