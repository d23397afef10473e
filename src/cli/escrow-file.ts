import { readFileSync } from 'node:fs'
import type { EscrowPair } from '../backup/index.ts'
import { HindraError } from '../errors.ts'

/** A JSON Web Key from a file. Throws INVALID_INPUT. */
export function readEscrowFile(file: string): EscrowPair['privateKey'] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as EscrowPair['privateKey']
  } catch (cause) {
    throw new HindraError('INVALID_INPUT', `${file} is no escrow key`, { cause })
  }
}
