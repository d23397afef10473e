import { readFileSync } from 'node:fs'
import type { EscrowKeys } from '../backup/index.ts'
import { HindraError } from '../errors.ts'

/** A JSON Web Key from a file. Throws INVALID_INPUT. */
export function readEscrowFile(file: string): EscrowKeys['privateKey'] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as EscrowKeys['privateKey']
  } catch (cause) {
    throw new HindraError('INVALID_INPUT', `${file} is no escrow key`, { cause })
  }
}
