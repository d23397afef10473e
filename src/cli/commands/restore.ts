import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Command } from 'commander'
import {
  type BackupKey,
  checkBackup,
  type RestoreReport,
  restoreBackup,
} from '../../backup/index.ts'
import { DATA_KEY_BYTES, readDataKey, systemRandom } from '../../core/index.ts'
import { storeDirectory } from '../../engine.ts'
import { HindraError } from '../../errors.ts'
import { readEscrowFile } from '../escrow-file.ts'
import { verb } from '../help.ts'
import { dataKeySource } from '../installation.ts'
import { fields } from '../output.ts'
import type { Shell } from '../shell.ts'

interface RestoreOptions {
  readonly escrowKey?: string
  readonly check?: boolean
}

export function restoreCommand(shell: Shell): Command {
  return verb('restore <backup>', 'makes a store of a backup, at a place where there is none', [
    'hindra restore hindra.backup --check',
    'hindra restore hindra.backup --data /srv/hindra-2',
    'hindra restore hindra.backup --data /srv/hindra-2 --escrow-key /safe/escrow.private.jwk',
  ])
    .option(
      '--escrow-key <file>',
      'open it by a private escrow key, without the data key of its time',
    )
    .option('--check', 'read all of it and write nothing')
    .action(async (file: string, { escrowKey, check }: RestoreOptions) => {
      if (!existsSync(file)) throw new HindraError('INVALID_INPUT', `there is nothing at ${file}`)
      const { config } = shell.settings()
      const source = dataKeySource(config)
      const ownKey = () => readDataKey(source)
      const key: BackupKey =
        escrowKey === undefined ? { dataKey: ownKey() } : { escrow: readEscrowFile(escrowKey) }
      if (check === true) {
        shell.output().answer(await checkBackup(file, key, systemRandom), asText)
        return
      }
      // Without the old data key the restored store gets a new one, made where it will be looked for.
      if (escrowKey !== undefined && source.file !== undefined && !existsSync(source.file)) {
        makeDataKey(source.file)
      }
      const place = { directory: storeDirectory(config), dataKey: ownKey() }
      shell.output().answer(await restoreBackup(file, key, place, systemRandom), asText)
      shell
        .output()
        .note(
          'Mail and rechecks since the backup are forgotten: start with takedown.stop: true, look, go on.',
        )
    })
}

function makeDataKey(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const key = Buffer.from(systemRandom.bytes(DATA_KEY_BYTES)).toString('base64')
  writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' })
}

function asText({ id, at, pairs }: RestoreReport): string {
  return fields({ backup: id, 'taken at': at, records: pairs })
}
