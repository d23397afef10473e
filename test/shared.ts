import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Folder of test material beside the project; the product never depends on it. */
export const sharedFolder = process.env['HINDRA_SHARED'] ?? join(projectRoot, '..', 'shared')

/** True where the material is; else says once which tests are skipped and why. */
export function hasShared(...parts: readonly string[]): boolean {
  const found = existsSync(sharedFile(...parts))
  if (!found) console.warn(`skipped: ${join('shared', ...parts)} is absent (set HINDRA_SHARED)`)
  return found
}

export function sharedFile(...parts: readonly string[]): string {
  return join(sharedFolder, ...parts)
}
