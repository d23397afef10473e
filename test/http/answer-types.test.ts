import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { ANSWER_TYPES_FILE } from '../../src/http/openapi/answer-types.ts'
import { PUBLISHED_ANSWERS } from '../../src/http/openapi/bodies.ts'
import { schemaNames } from '../../src/operations/index.ts'
import { answerTypesOf } from './answer-types.ts'

it('the description of answers is what the types of the code say; -u writes it anew', async () => {
  const types = answerTypesOf(schemaNames, Object.keys(PUBLISHED_ANSWERS))
  expect(Object.keys(types.answers).length).toBeGreaterThan(90)
  const file = join(resolve(import.meta.dirname, '../..'), ANSWER_TYPES_FILE)
  await expect(`${JSON.stringify(types, null, 2)}\n`).toMatchFileSnapshot(file)
})
