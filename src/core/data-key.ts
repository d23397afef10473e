import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { HindraError } from '../errors.ts'
import { DATA_KEY_BYTES } from './sealing.ts'

/** Where the data key comes from: exactly one of the three, in this order. */
export interface DataKeySource {
  /** The key itself, base64 (environment). */
  readonly value?: string | undefined
  /** A command whose standard output is the key in base64 (a vault's client). */
  readonly command?: string | undefined
  /** A file that holds the key in base64. */
  readonly file?: string | undefined
}

/** Reads the 32-byte data key. Throws KEY_MISSING or KEY_WRONG; the message never holds the key. */
export function readDataKey(source: DataKeySource): Uint8Array {
  const text = readText(source).trim()
  const key = Buffer.from(text, 'base64')
  if (key.length !== DATA_KEY_BYTES) {
    throw new HindraError('KEY_WRONG', `the data key must be ${DATA_KEY_BYTES} bytes in base64`)
  }
  return key
}

function readText(source: DataKeySource): string {
  if (source.value !== undefined) return source.value
  try {
    if (source.command !== undefined) {
      return execFileSync('/bin/sh', ['-c', source.command], { encoding: 'utf8' })
    }
    if (source.file !== undefined) return readFileSync(source.file, 'utf8')
  } catch (cause) {
    const where = source.command === undefined ? `at ${source.file ?? ''}` : 'by dataKey.command'
    const why = (cause as NodeJS.ErrnoException).code ?? 'it failed'
    throw new HindraError('KEY_MISSING', `there is no data key ${where} (${why})`, { cause })
  }
  throw new HindraError('KEY_MISSING', 'no source of the data key is set')
}
