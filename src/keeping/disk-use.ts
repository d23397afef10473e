import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import { type Context, type Key, keySpace } from '../store/index.ts'

const MIB = 1024 * 1024
const DAY_MS = 24 * HOUR_MS
const SAMPLES = keySpace('disk-use')
const SAMPLE_MS = 6 * HOUR_MS
/** Growth is told of so many of the newest samples: two weeks of them. */
const SAMPLES_KEPT = 56

/** How full the disk of the data directory is, and how fast it fills. */
export interface DiskUse {
  readonly freeBytes: number
  /** What the data directory takes, with all that is in it. */
  readonly usedBytes: number
  /** Measured over up to two weeks; null before a day has passed, or where it does not grow. */
  readonly bytesADay: number | null
  /** Until writes are refused (`store.freeMibMin`), at that growth. */
  readonly daysLeft: number | null
}

export interface DiskWatch {
  /** Notes how much there is, every six hours. */
  note(): Promise<void>
  /** Null where the store is in no directory of the settings. */
  now(): Promise<DiskUse | null>
}

interface Sample {
  readonly atMs: number
  readonly bytes: number
}

/** The store itself remembers how large it was: no other program is asked. */
export function createDiskWatch(
  { store, clock }: Pick<Context, 'store' | 'clock'>,
  { data, store: { freeMibMin } }: Pick<Config, 'data' | 'store'>,
): DiskWatch {
  /** When the newest sample was taken, also by a process before this one. */
  let newestMs: number | undefined

  return {
    async note() {
      const now = clock.now()
      newestMs ??= (await sample({ reverse: true }))?.atMs ?? 0
      if (now >= newestMs && now - newestMs < SAMPLE_MS) return
      const usedBytes = await sizeOf(data)
      if (usedBytes === undefined) return
      await store.transact(async (tx) => {
        const old: Key[] = []
        for await (const { key } of tx.range({ prefix: SAMPLES() }, { reverse: true }))
          old.push(key)
        for (const key of old.slice(SAMPLES_KEPT - 1)) tx.delete(key)
        tx.put(SAMPLES(isoTime(now)), Buffer.from(JSON.stringify(usedBytes)))
      })
      newestMs = now
    },
    async now() {
      const usedBytes = await sizeOf(data)
      if (usedBytes === undefined) return null
      const { bavail, bsize } = await statfs(data)
      const freeBytes = bavail * bsize
      const bytesADay = await growth(usedBytes)
      const room = Math.max(0, freeBytes - freeMibMin * MIB)
      const daysLeft = bytesADay === null ? null : Math.floor(room / bytesADay)
      return { freeBytes, usedBytes, bytesADay, daysLeft }
    },
  }

  /** The oldest one, or the newest one. */
  function sample(order: { readonly reverse: boolean }): Promise<Sample | undefined> {
    return store.transact(async (tx) => {
      for await (const { key, value } of tx.range({ prefix: SAMPLES() }, { ...order, limit: 1 })) {
        const bytes = Number(JSON.parse(Buffer.from(value).toString()))
        return { atMs: Date.parse(String(key[1])), bytes }
      }
      return undefined
    })
  }

  async function growth(usedBytes: number): Promise<number | null> {
    const first = await sample({ reverse: false })
    if (first === undefined) return null
    const days = (clock.now() - first.atMs) / DAY_MS
    const bytesADay = Math.round((usedBytes - first.bytes) / days)
    return days >= 1 && bytesADay > 0 ? bytesADay : null
  }
}

/** Adds up all files in the directory; undefined where no store is in it. What goes away meanwhile counts nothing. */
async function sizeOf(data: string): Promise<number | undefined> {
  const names = await readdir(data, { recursive: true }).catch((): string[] => [])
  if (!names.includes('store')) return undefined
  let bytes = 0
  for (const name of names) {
    const found = await stat(join(data, name)).catch(() => undefined)
    if (found?.isFile() === true) bytes += found.size
  }
  return bytes
}
