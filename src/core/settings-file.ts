import { readFileSync } from 'node:fs'
import { HindraError } from '../errors.ts'

/**
 * The bytes of a file that a setting names, read once at the start. Throws INVALID_CONFIG, which names the setting and not
 * the path.
 */
export function readSettingsFile(setting: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new HindraError('INVALID_CONFIG', `${setting} cannot be read`, { cause })
  }
}
