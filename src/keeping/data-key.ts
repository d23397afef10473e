import { existsSync } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, isAbsolute } from 'node:path'
import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { type Config, dataKeySource } from '../config.ts'
import { DATA_KEY_BYTES, readDataKey } from '../core/index.ts'
import { HindraError, toHindraError } from '../errors.ts'
import {
  type Context,
  type DataKeys,
  dataKeyId,
  KEY_RING,
  resealAll,
  type Transaction,
} from '../store/index.ts'

/** Where the exchange of the data key has come to. Keys are named by 8 hex digits. */
export interface DataKeyStatus {
  /** Data keys that open the store; the newest last. */
  readonly opening: readonly string[]
  /** Keys that records are sealed with; one when no exchange is under way. */
  readonly recordKeys: number
  /** Records that were sealed anew since the start. */
  readonly resealed: number
  /** Why the sealing anew has stopped. */
  readonly problem: string | null
}

/** The exchange of the data key while everything goes on. */
export interface DataKeyExchange {
  status(): Promise<DataKeyStatus>
  /**
   * Makes a new data key. Where the present one comes from a file it takes its place at once; else it
   * is written to `out`, a new file, and both open the store until `finish` or a start with it.
   * Throws INVALID_INPUT, CONFLICT where an exchange is not finished.
   */
  rotate(by: Principal, out?: string): Promise<DataKeyStatus>
  /** Ends the data keys before the newest, which must be where the data key comes from. Throws CONFLICT. */
  finish(by: Principal): Promise<DataKeyStatus>
  /** Goes on with what an earlier process left: the new key in its place, the records sealed anew. */
  resume(): Promise<void>
  /** Seals records anew where that is not done, whichever process has begun it. */
  goOn(): void
  close(): Promise<void>
}

export function createDataKeyExchange(
  context: Context,
  keys: DataKeys,
  audit: Audit,
  parts: {
    readonly config: Config
    /** The data key that this process was started with. */
    readonly dataKey: Uint8Array
    /** Writes anew what lies beside the store and is sealed by an old key. */
    readonly saveIndex: () => Promise<void>
    readonly warn: (message: string) => void
  },
): DataKeyExchange {
  const { store, random } = context
  const { config, saveIndex, warn } = parts
  const closing = new AbortController()
  let resealed = 0
  let problem: string | null = null
  let resealing: Promise<void> | undefined

  return {
    status,
    async rotate(by, out) {
      if ((await keys.opening()).length > 1 || keys.sealer.keys.sealKeys.length > 1) {
        throw new HindraError('CONFLICT', 'an exchange of the data key is not finished yet')
      }
      const { file } = dataKeySource(config)
      const others = await store.others()
      if (out === undefined && others.length > 0) {
        // They could not open the store any more.
        throw new HindraError('CONFLICT', { says: 'data-key-others', others: others.join(', ') })
      }
      const target = out ?? (file === undefined ? undefined : staged(file))
      if (target === undefined || !isAbsolute(target)) {
        throw new HindraError(
          'INVALID_INPUT',
          'out: the data key comes from no file: name a new one, with its whole path',
          { field: 'out' },
        )
      }
      const next = random.bytes(DATA_KEY_BYTES)
      await writeKey(target, next)
      await keys.begin(next, noted(by.id, 'data-key.begin', dataKeyId(next)))
      if (out === undefined && file !== undefined) await putInPlace(by.id, file, next)
      reseal()
      return status()
    },
    async finish(by) {
      await finish(by.id, readDataKey(dataKeySource(config)))
      return status()
    },
    async resume() {
      const newest = (await keys.opening()).at(-1)
      const { file } = dataKeySource(config)
      if (file !== undefined && existsSync(staged(file))) {
        const next = Buffer.from(await readFile(staged(file), 'utf8'), 'base64')
        const isNewest = next.length === DATA_KEY_BYTES && dataKeyId(next) === newest
        // Else it is of an exchange that never began.
        if (isNewest) await putInPlace(SYSTEM, file, next)
        else await rm(staged(file))
      } else if (newest === dataKeyId(parts.dataKey) && (await keys.opening()).length > 1) {
        // Others may have been started with the former one.
        if ((await store.others()).length === 0) await finish(SYSTEM, parts.dataKey)
      }
      goOn()
    },
    goOn,
    async close() {
      closing.abort()
      await resealing
    },
  }

  function goOn(): void {
    if (keys.sealer.keys.sealKeys.length > 1) reseal()
  }

  async function status(): Promise<DataKeyStatus> {
    const recordKeys = keys.sealer.keys.sealKeys.length
    return { opening: await keys.opening(), recordKeys, resealed, problem }
  }

  async function putInPlace(by: string, file: string, next: Uint8Array): Promise<void> {
    await rename(staged(file), file)
    const directory = await open(dirname(file), 'r')
    await directory.sync().finally(() => directory.close())
    await finish(by, next)
  }

  async function finish(by: string, dataKey: Uint8Array): Promise<void> {
    await keys.finish(dataKey, noted(by, 'data-key.finish', dataKeyId(dataKey)))
    await store.scrub([KEY_RING])
  }

  function noted(by: string, action: string, subject: string): (tx: Transaction) => void {
    return (tx) => {
      audit.append(tx, { by, action, subject })
    }
  }

  function reseal(): void {
    resealing ??= resealUntilDone()
      .catch((error: unknown) => {
        problem = toHindraError(error).message
        warn(`the records could not all be sealed anew: ${problem}`)
      })
      .finally(() => {
        resealing = undefined
      })
  }

  /** A second walk finds what was under way during the first: only then nothing is left to come. */
  async function resealUntilDone(): Promise<void> {
    const before = resealed
    const progress = (done: number) => {
      resealed = before + done
    }
    for (;;) {
      const { resealed: found, unreadable } = await resealAll(
        store,
        keys.sealer,
        progress,
        closing.signal,
      )
      if (closing.signal.aborted) return
      if (unreadable > 0) {
        throw new HindraError('STORE_CORRUPT', `${unreadable} records cannot be read`)
      }
      if (found === 0) break
    }
    await saveIndex()
    await keys.drop(noted(SYSTEM, 'data-key.resealed', keys.sealer.keyId))
    await store.scrub([KEY_RING])
    problem = null
  }
}

const SYSTEM = 'hindra'

/** Where the new key waits until the store knows it. */
function staged(file: string): string {
  return `${file}.new`
}

async function writeKey(file: string, key: Uint8Array): Promise<void> {
  try {
    const handle = await open(file, 'wx', 0o600)
    try {
      await handle.write(`${Buffer.from(key).toString('base64')}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new HindraError('INVALID_INPUT', `out: ${file} cannot be made: ${why}`, {
      field: 'out',
      cause,
    })
  }
}
