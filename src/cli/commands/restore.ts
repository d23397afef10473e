import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Command } from 'commander'
import type { BackupKey, RestoreReport } from '../../backup/index.ts'
import { type Config, dataKeySource, storeDirectory } from '../../config.ts'
import { DATA_KEY_BYTES, readDataKey, systemRandom } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { readEscrowFile } from '../escrow-file.ts'
import { verb } from '../help.ts'
import { fields } from '../output.ts'
import type { Shell } from '../shell.ts'

interface RestoreOptions {
  readonly keyFile?: string
  readonly escrowKey?: string
  readonly check?: boolean
}

export function restoreCommand(shell: Shell): Command {
  return verb('restore <backup>', 'makes a store of a backup, at a place where there is none', [
    'hindra restore hindra.backup --check',
    'hindra restore hindra.backup --data /srv/hindra-2',
    'hindra restore hindra.backup --data /srv/hindra-2 --key-file /safe/data.key',
    'hindra restore hindra.backup --data /srv/hindra-2 --escrow-key /safe/escrow.private.jwk',
  ])
    .option('--key-file <file>', 'the data key of its time; else that of the Hindra that is here')
    .option(
      '--escrow-key <file>',
      'open it by a private escrow key, without the data key of its time',
    )
    .option('--check', 'read all of it and write nothing')
    .action(async (file: string, options: RestoreOptions) => {
      if (!existsSync(file)) throw new HindraError('INVALID_INPUT', `there is nothing at ${file}`)
      const { config } = shell.settings()
      const key = backupKey(shell, options)
      const { checkBackup, restoreBackup } = await import('../../backup/index.ts')
      if (options.check === true) {
        shell.output().answer(await checkBackup(file, key, systemRandom), asText)
        return
      }
      const place = { directory: storeDirectory(config), ...keyOfPlace(config, key) }
      const { madeAt } = place
      try {
        shell.output().answer(await restoreBackup(file, key, place, systemRandom), asText)
      } catch (error) {
        // Else the next one, with the right key, would take it for that of the place.
        if (madeAt !== undefined) rmSync(madeAt, { force: true })
        throw error
      }
      if (madeAt !== undefined) {
        shell.output().note(`The data key of it is ${madeAt}: keep a copy apart from the data.`)
      }
      shell
        .output()
        .note(
          'Mail and rechecks since the backup are forgotten: start with takedown.stop: true, look, go on.',
        )
    })
}

/** What opens the backup: what is named, else the data key of here, else that of the Hindra beside it. */
function backupKey(shell: Shell, { escrowKey, keyFile }: RestoreOptions): BackupKey {
  if (escrowKey !== undefined && keyFile !== undefined) {
    throw new HindraError('INVALID_INPUT', 'give --key-file or --escrow-key, one of both')
  }
  if (escrowKey !== undefined) return { escrow: readEscrowFile(escrowKey) }
  if (keyFile !== undefined) return { dataKey: readDataKey({ file: keyFile }) }
  const here = dataKeySource(shell.settings().config)
  const beside = dataKeySource(shell.settingsBeside().config)
  const isHere = here.file === undefined || existsSync(here.file)
  return { dataKey: readDataKey(isHere ? here : beside) }
}

/**
 * The data key of the restored store: what its settings name. Where that is a file that is not there, it
 * is made: the key that opened the backup, or, opened by an escrow key, a new one.
 */
function keyOfPlace(
  config: Config,
  key: BackupKey,
): { readonly dataKey: Uint8Array; readonly madeAt?: string } {
  const source = dataKeySource(config)
  const { file } = source
  if (file === undefined || existsSync(file)) return { dataKey: readDataKey(source) }
  const dataKey = 'dataKey' in key ? key.dataKey : systemRandom.bytes(DATA_KEY_BYTES)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, `${Buffer.from(dataKey).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  return { dataKey, madeAt: file }
}

function asText({ id, at, pairs }: RestoreReport): string {
  return fields({ backup: id, 'taken at': at, records: pairs })
}
