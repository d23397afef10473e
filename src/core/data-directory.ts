import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/**
 * Where an installation is: at what a flag names, else what HINDRA_DATA names, else below the directory of the user. By one
 * name, however it was written: LevelDB's lock is evaded by a second spelling of its path.
 */
export function dataDirectory(
  env: Readonly<Record<string, string | undefined>>,
  flag?: string,
): string {
  const base = env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share')
  return wholePath(flag ?? env['HINDRA_DATA'] ?? join(base, 'hindra'))
}

export function wholePath(path: string): string {
  return isAbsolute(path) ? resolve(path) : resolve(process.cwd(), path)
}
