import { setTimeout as sleep } from 'node:timers/promises'
import { isoTime } from '../core/index.ts'
import { diskCodeOf, HindraError, toHindraError } from '../errors.ts'
import { type Context, type Key, untilChanged, type Versionstamp } from '../store/index.ts'
import { CHAIN_START, linkHash } from './commitment.ts'
import { cursorOf, keyOf } from './cursor.ts'
import type { AuditRecords, Head } from './records.ts'
import type { Checkpoint } from './entry.ts'

const BATCH_ENTRIES = 500
/** Waited for more entries, so that a busy system pays one commit for many of them. */
const GATHER_MS = 250

/** Links entries in commit order, behind those who write them. */
export interface Chain {
  /** Seals all that was committed before the call; gives where the chain is then. */
  seal(): Promise<Checkpoint | null>
  /** Seals what comes until aborted. Throws what ended it. */
  follow(signal: AbortSignal): Promise<void>
}

export function createChain(context: Context, records: AuditRecords): Chain {
  const { store, clock } = context
  const { log } = records
  let turn: Promise<unknown> = Promise.resolve()

  return {
    seal,
    async follow(signal) {
      while (!signal.aborted) {
        // What comes while it seals must not wait for the next entry.
        const position = store.version()
        try {
          await seal()
          await untilChanged(store, log.keys(), position, signal)
        } catch (error) {
          // Nothing is lost: entries wait, and the store goes on when there is room again, or its database.
          if (!mayPass(error)) throw error
        }
        await sleep(GATHER_MS, undefined, { signal, ref: false }).catch(() => undefined)
      }
    },
  }

  /** One at a time, whatever became of the one before. */
  function seal(): Promise<Checkpoint | null> {
    const sealed = turn.then(sealAll, sealAll)
    turn = sealed.catch(() => undefined)
    return sealed
  }

  async function sealAll(): Promise<Checkpoint | null> {
    // What comes meanwhile is the next sealing's: under steady writing this one would never end.
    const until = await store.transact((tx) => Promise.resolve(tx.version() ?? store.version()))
    for (;;) {
      const before = await store.transact((tx) => records.head(tx))
      const keys = await keysAfter(before, until)
      if (keys.length === 0) return before === undefined ? null : asCheckpoint(before)
      await link(before, keys)
    }
  }

  /** Read apart from the writing, or every new entry would be a conflict. */
  function keysAfter(before: Head | undefined, until: Versionstamp): Promise<Key[]> {
    const after = before === undefined ? {} : { after: keyOf(log.keys, before.cursor) }
    return store.transact(async (tx) => {
      const keys: Key[] = []
      const range = tx.range({ prefix: log.keys() }, { ...after, limit: BATCH_ENTRIES })
      for await (const { key } of range) {
        if (String(key[1]) > until) break
        keys.push(key)
      }
      return keys
    })
  }

  async function link(before: Head | undefined, keys: readonly Key[]): Promise<void> {
    await store.transact(async (tx) => {
      // Another process was faster.
      if ((await records.head(tx))?.count !== before?.count) return
      let { count, hash } = before ?? { count: 0, hash: CHAIN_START }
      let cursor = ''
      for (const key of keys) {
        const entry = await log.get(tx, key)
        if (entry === undefined) continue
        // Linked anew, entries that were taken away or put in would never be found out.
        if (entry.link !== null) throw headless()
        count += 1
        cursor = cursorOf(key)
        hash = linkHash(hash, count, cursor, entry.commitment)
        log.replace(tx, key, { ...entry, link: { number: count, hash } })
      }
      if (cursor !== '') records.putHead(tx, { at: isoTime(clock.now()), count, hash, cursor })
    })
  }
}

function mayPass(error: unknown): boolean {
  return diskCodeOf(error) !== undefined || toHindraError(error).code === 'STORE_UNAVAILABLE'
}

function headless(): HindraError {
  return new HindraError('AUDIT_BROKEN', 'the head of the audit chain does not fit its entries')
}

export function asCheckpoint({ at, count, hash }: Head): Checkpoint {
  return { at, count, hash }
}
