import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { HindraError } from '../../errors.ts'
import { readEscrowFile } from '../escrow-file.ts'
import { withExamples } from '../help.ts'
import { fields } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(escrow: Command, shell: Shell): void {
  withExamples(escrow, [
    'hindra escrow create board    # board.private.jwk into a safe, board.public.jwk to the server',
    'HINDRA_BACKUP_ESCROW_KEY_FILES=\'["/etc/hindra/board.public.jwk"]\' hindra serve',
    'hindra escrow show board.public.jwk',
  ])

  escrow
    .command('create <name>')
    .description('a new pair, in NAME.private.jwk and NAME.public.jwk; needs no server')
    .action(async (name: string) => {
      const { createEscrowPair, escrowId } = await import('../../backup/index.ts')
      const { privateKey, publicKey } = await createEscrowPair()
      const files = { private: `${name}.private.jwk`, public: `${name}.public.jwk` }
      writeNew(files.private, privateKey)
      writeNew(files.public, publicKey)
      shell.output().answer({ id: await escrowId(publicKey), ...files }, fields)
      shell
        .output()
        .note('Take the private key off this machine: who has it can read every backup.')
    })

  escrow
    .command('show <file>')
    .description('the id by which backups name this key')
    .action(async (file: string) => {
      const key = readEscrowFile(file)
      const { escrowId } = await import('../../backup/index.ts')
      const half = key.d === undefined ? 'public' : 'private'
      shell.output().answer({ id: await escrowId(key), half }, fields)
    })
}

function writeNew(file: string, key: object): void {
  try {
    writeFileSync(file, `${JSON.stringify(key)}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    throw new HindraError('INVALID_INPUT', `${file} cannot be made`, { cause })
  }
}
