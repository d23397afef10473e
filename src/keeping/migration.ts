import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createAudit } from '../audit/index.ts'
import { keepBackup, writeBackup } from '../backup/index.ts'
import type { Config } from '../config.ts'
import { type Clock, createIds, isoTime, type Random } from '../core/index.ts'
import { createLists, evidenceMigration } from '../register/index.ts'
import {
  type Context,
  formatOf,
  migrateFormat,
  type MigrationStep,
  openDataKeys,
  openStore,
  type Store,
} from '../store/index.ts'
import { readEscrowKeys } from './backups.ts'

const SYSTEM = 'hindra'

export interface MigrationReport {
  readonly from: number
  readonly to: number
  readonly dryRun: boolean
  /** False where the store has the present format already. */
  readonly needed: boolean
  readonly steps: readonly { readonly name: string; readonly records: number }[]
  /** Where the store as it was lies; null where nothing was taken. */
  readonly backup: string | null
}

export interface MigrationOptions {
  readonly config: Config
  readonly dataKey: Uint8Array
  readonly clock: Clock
  readonly random: Random
  /** Says what would be done, and changes nothing. */
  readonly dryRun: boolean
  /** Where the backup goes; a file of its own in the data directory where none is named. */
  readonly backup?: string | undefined
  readonly progress: (what: string, records: number) => void
}

/**
 * Brings the records of a data directory to the present format, with a backup of how they were before. Nobody
 * may have the store open. A run that was killed is gone on with by the next. Throws STORE_LOCKED, STORE_FORMAT,
 * KEY_WRONG, INVALID_INPUT where the backup cannot be written.
 */
export async function migrateStore(options: MigrationOptions): Promise<MigrationReport> {
  const { config, dataKey, clock, random, dryRun, progress } = options
  const warn = (message: string) => {
    progress(message, 0)
  }
  const store = await openStore(config, warn, 'alone')
  try {
    const { format, present, unfinished } = await formatOf({ store })
    const found = { from: format, to: present, dryRun }
    if (format === present) return { ...found, needed: false, steps: [], backup: null }
    const keys = await openDataKeys(store, dataKey, random, {
      versions: dryRun ? 'none' : 'known',
    })
    const context: Context = {
      store,
      sealer: keys.sealer,
      clock,
      random,
      newId: createIds(clock, random),
    }
    const audit = createAudit(context)
    const steps = [evidenceMigration(context, createLists(context, audit))]
    if (dryRun) {
      return {
        ...found,
        needed: true,
        steps: await rehearsed(store, steps, progress),
        backup: null,
      }
    }
    const backup = await backedUp()
    const counts = new Map(steps.map(({ name }) => [name, 0]))
    await migrateFormat(store, steps, {
      backup,
      progress({ name }, records) {
        counts.set(name, (counts.get(name) ?? 0) + records)
        progress(name, counts.get(name) ?? 0)
      },
      also(tx) {
        const detail = { from: format, to: present }
        audit.append(tx, { by: SYSTEM, action: 'store.migrate', subject: 'store', detail })
      },
    })
    await audit.close()
    const done = [...counts].map(([name, records]) => ({ name, records }))
    return { ...found, needed: true, steps: done, backup }

    /** The one of a run that was killed is of the store as it was; a later one would not be. */
    async function backedUp(): Promise<string> {
      if (unfinished !== null) return unfinished
      const name = `before-format-${present}-${isoTime(clock.now()).replaceAll(':', '')}.backup`
      const file = options.backup ?? freeName(join(config.data, name))
      progress(`backup to ${file}`, 0)
      await keepBackup(file, writeBackup(context, keys, await readEscrowKeys(config.backup)))
      return file
    }
  } finally {
    await store.close()
  }
}

/** Goes through all of it in transactions that are given up. */
async function rehearsed(
  store: Store,
  steps: readonly MigrationStep[],
  progress: MigrationOptions['progress'],
): Promise<MigrationReport['steps']> {
  const done: { name: string; records: number }[] = []
  for (const { name, batch } of steps) {
    let records = 0
    for (let after: string | undefined = ''; after !== undefined; ) {
      const from: string = after
      const found = await rehearse(store, (tx) => batch(tx, from === '' ? undefined : from))
      records += found.records
      after = found.after
      progress(name, records)
    }
    done.push({ name, records })
  }
  return done
}

/** What the batch said; what it wrote goes nowhere. */
async function rehearse(
  store: Store,
  work: (tx: Parameters<MigrationStep['batch']>[0]) => ReturnType<MigrationStep['batch']>,
): ReturnType<MigrationStep['batch']> {
  let said: Awaited<ReturnType<MigrationStep['batch']>> | undefined
  const givenUp = new Error('a rehearsal')
  try {
    await store.transact(async (tx) => {
      said = await work(tx)
      throw givenUp
    })
  } catch (error) {
    if (error !== givenUp) throw error
  }
  if (said === undefined) throw new Error('the batch did not run')
  return said
}

function freeName(file: string): string {
  for (let number = 2, name = file; ; number += 1) {
    if (!existsSync(name)) return name
    name = `${file}.${number}`
  }
}
