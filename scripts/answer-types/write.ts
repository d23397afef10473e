// A part of `npm run build`: what the routes answer, described by the types of the code. What was made of
// these very sources stays.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { packageFile } from '../../src/core/index.ts'
import { ANSWER_TYPES_FILE } from '../../src/http/openapi/answer-types.ts'

const FILE = packageFile(ANSWER_TYPES_FILE)
const MADE_OF = packageFile('dist/.answer-types-made-of')

const digest = sourcesDigest()
const isMade = existsSync(FILE) && existsSync(MADE_OF) && readFileSync(MADE_OF, 'utf8') === digest
if (!isMade) {
  const { currentAnswerTypes } = await import('./answer-types.ts')
  mkdirSync(dirname(FILE), { recursive: true })
  writeFileSync(FILE, JSON.stringify(currentAnswerTypes().types))
  writeFileSync(MADE_OF, digest)
}

function sourcesDigest(): string {
  const digest = createHash('sha256')
  for (const folder of ['src', 'native', 'scripts/answer-types']) {
    const names = readdirSync(packageFile(folder), { recursive: true, encoding: 'utf8' })
    for (const name of names.filter((each) => each.endsWith('.ts')).sort()) {
      digest.update(`\n${name}\n`).update(readFileSync(join(packageFile(folder), name)))
    }
  }
  return digest.update(readFileSync(packageFile('package-lock.json'))).digest('hex')
}
