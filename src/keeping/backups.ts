import { readFile } from 'node:fs/promises'
import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { escrowId, writeBackup } from '../backup/index.ts'
import type { Config } from '../config.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { Collection, type Context, type DataKeys, keySpace } from '../store/index.ts'

const TAKEN = keySpace('backup')
const LAST = 'last'

type EscrowKey = Parameters<typeof escrowId>[0]

/** Takes backups while everything goes on. */
export interface Backups {
  /** All of the store as of one moment, sealed. Throws INVALID_CONFIG where an escrow key is none. */
  take(by: Principal): Promise<AsyncIterable<Uint8Array>>
  /** When one was last begun, UTC ISO 8601: whether it arrived whole, its taker knows alone. Null where none was. */
  lastAt(): Promise<string | null>
}

export function createBackups(
  context: Context,
  keys: DataKeys,
  audit: Audit,
  { escrowKeyFiles }: Config['backup'],
): Backups {
  const { store, sealer, clock } = context
  const taken = new Collection<{ readonly at: string }, Record<string, never>>(TAKEN, sealer)
  return {
    lastAt: () => store.transact(async (tx) => (await taken.get(tx, LAST))?.clear.at ?? null),
    async take(by) {
      const recipients = await readEscrowKeys({ escrowKeyFiles })
      await store.transact((tx) => {
        taken.put(tx, LAST, { at: isoTime(clock.now()) }, {})
        const detail = { escrow: recipients.length }
        audit.append(tx, { by: by.id, action: 'backup', subject: 'store', detail })
        return Promise.resolve()
      })
      return writeBackup(context, keys, recipients)
    },
  }
}

/** Throws INVALID_CONFIG where one is none. */
export function readEscrowKeys({
  escrowKeyFiles,
}: Config['backup']): Promise<readonly EscrowKey[]> {
  return Promise.all(escrowKeyFiles.map(readEscrowKey))
}

async function readEscrowKey(file: string): Promise<EscrowKey> {
  try {
    const key = JSON.parse(await readFile(file, 'utf8')) as EscrowKey
    await escrowId(key)
    if (key.d !== undefined) throw new Error('it is the private half')
    return key
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it cannot be read'
    throw new HindraError('INVALID_CONFIG', `backup.escrowKeyFiles: ${file}: ${why}`, { cause })
  }
}
