import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFile } from '../src/core/index.ts'

/** The digest of the sources that `dist` was built from; the last step of a build writes it. */
export const BUILT_FROM = packageFile('dist/.answer-types-made-of')

/** The digest of all that a build is made from. */
export function sourcesDigest(): string {
  const digest = createHash('sha256')
  for (const folder of ['src', 'native', 'scripts/answer-types']) {
    const names = readdirSync(packageFile(folder), { recursive: true, encoding: 'utf8' })
    for (const name of names.filter((each) => /\.tsx?$/.test(each)).sort()) {
      digest.update(`\n${name}\n`).update(readFileSync(join(packageFile(folder), name)))
    }
  }
  return digest.update(readFileSync(packageFile('package-lock.json'))).digest('hex')
}

/** `dist` is what these very sources are built to. */
export function isBuilt(digest = sourcesDigest()): boolean {
  return existsSync(BUILT_FROM) && readFileSync(BUILT_FROM, 'utf8') === digest
}
