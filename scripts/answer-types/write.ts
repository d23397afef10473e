// A part of `npm run build`: what the routes answer, described by the types of the code. What was made of
// these very sources stays.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { packageFile } from '../../src/core/index.ts'
import { ANSWER_TYPES_FILE } from '../../src/http/openapi/answer-types.ts'
import { BUILT_FROM, isBuilt, sourcesDigest } from '../sources-digest.ts'

const FILE = packageFile(ANSWER_TYPES_FILE)

const digest = sourcesDigest()
if (!existsSync(FILE) || !isBuilt(digest)) {
  const { currentAnswerTypes } = await import('./answer-types.ts')
  mkdirSync(dirname(FILE), { recursive: true })
  writeFileSync(FILE, JSON.stringify(currentAnswerTypes().types))
  writeFileSync(BUILT_FROM, digest)
}
