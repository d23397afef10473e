import { readFileSync } from 'node:fs'
import { HindraError } from '../errors.ts'

/**
 * The person's key: HINDRA_KEY, or the file that HINDRA_KEY_FILE names. Never an argument, which
 * every user of the machine could read in the list of processes. Throws UNAUTHENTICATED.
 */
export function readKey(env: NodeJS.ProcessEnv): string | undefined {
  const key = env['HINDRA_KEY']?.trim()
  if (key !== undefined && key !== '') return key
  const file = env['HINDRA_KEY_FILE']
  if (file === undefined || file === '') return undefined
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new HindraError('UNAUTHENTICATED', 'HINDRA_KEY_FILE names a file that cannot be read', {
      cause,
    })
  }
}
