import { fileURLToPath } from 'node:url'

/** This file is two folders below the package's root, or three once it is built into `dist`. */
const ROOT = new URL(
  new URL(import.meta.url).pathname.includes('/dist/src/') ? '../../../' : '../../',
  import.meta.url,
)

/** Absolute path of a data file that ships with the package: `templates/en/host.eta`. */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(path, ROOT))
}
