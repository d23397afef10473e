import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Command } from 'commander'
import { isWhole } from '../../backup/index.ts'
import type { Transport } from '../../client/index.ts'
import { HindraError } from '../../errors.ts'
import { verb } from '../help.ts'
import { fields } from '../output.ts'
import type { Shell } from '../shell.ts'

export function backupCommand(shell: Shell): Command {
  return verb('backup', 'all of the store as of one moment, sealed, while everything goes on', [
    'hindra backup --out /backups/hindra-$(date +%F).backup',
    'hindra restore /backups/hindra-2026-11-24.backup --check',
  ])
    .requiredOption(
      '--out <file>',
      'where it goes; an older file there is replaced once it is whole',
    )
    .action(({ out }: { out: string }) =>
      shell.withClient(async (client) => {
        const bytes = await download(client, out)
        shell.output().answer({ file: out, bytes }, fields)
      }),
    )
}

/** Under another name until it is whole and on the disk: half a file is never taken for a backup. */
async function download(client: Transport, out: string): Promise<number> {
  const part = `${out}.part`
  const handle = await open(part, 'w', 0o600).catch((cause: unknown) => {
    throw new HindraError('INVALID_INPUT', `${part} cannot be written`, { cause })
  })
  let bytes = 0
  try {
    try {
      for await (const chunk of client.download('/v1/backup')) {
        await handle.write(chunk)
        bytes += chunk.length
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (!(await isWhole(part))) {
      throw new HindraError('BACKUP_DAMAGED', 'the backup did not arrive whole')
    }
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await rename(part, out)
  const directory = await open(dirname(out), 'r')
  await directory.sync().finally(() => directory.close())
  return bytes
}
