import { readFileSync } from 'node:fs'
import { packageFile } from '../../core/index.ts'
import type { JsonSchema } from '../../operations/index.ts'

/**
 * What routes answer, as their TypeScript types say, in JSON Schema. `npm run build` makes the file of
 * them (`scripts/answer-types`).
 */
export interface AnswerTypes {
  /**
   * The schema of each answer, by method and path: `GET /v1/cases/:id`. Absent where the route answers nothing, or in
   * its own format.
   */
  readonly answers: Readonly<Record<string, JsonSchema>>
  /** Types that have a name. */
  readonly schemas: Readonly<Record<string, JsonSchema>>
}

export const ANSWER_TYPES_FILE = 'dist/src/http/openapi/answer-types.json'

let read: AnswerTypes | undefined

export function answerTypes(): AnswerTypes {
  read ??= JSON.parse(readFileSync(packageFile(ANSWER_TYPES_FILE), 'utf8')) as AnswerTypes
  return read
}
