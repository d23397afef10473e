import { readFile } from 'node:fs/promises'
import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { escrowId, writeBackup } from '../backup/index.ts'
import type { Config } from '../config.ts'
import { HindraError } from '../errors.ts'
import type { Context, DataKeys } from '../store/index.ts'

type EscrowKey = Parameters<typeof escrowId>[0]

/** Takes backups while everything goes on. */
export interface Backups {
  /** All of the store as of one moment, sealed. Throws INVALID_CONFIG where an escrow key is none. */
  take(by: Principal): Promise<AsyncIterable<Uint8Array>>
}

export function createBackups(
  context: Context,
  keys: DataKeys,
  audit: Audit,
  { escrowKeyFiles }: Config['backup'],
): Backups {
  return {
    async take(by) {
      const recipients = await readEscrowKeys({ escrowKeyFiles })
      await context.store.transact((tx) => {
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
