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
  return wholePath(flag ?? env['HINDRA_DATA'] ?? ofTheUser(env['XDG_DATA_HOME']))
}

/** Asked last: who has no home, as in a container, names the directory. */
function ofTheUser(base = join(homedir(), '.local', 'share')): string {
  return join(base, 'hindra')
}

export function wholePath(path: string): string {
  return isAbsolute(path) ? resolve(path) : resolve(process.cwd(), path)
}
