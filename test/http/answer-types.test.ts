import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type CurrentAnswerTypes,
  currentAnswerTypes,
} from '../../scripts/answer-types/answer-types.ts'
import { packageFile } from '../../src/core/index.ts'
import { ANSWER_TYPES_FILE } from '../../src/http/openapi/answer-types.ts'

/** What a name is likely to have that holds a secret, or what is sealed in the store. */
const SECRET = /secret|seal|passw|token|private|credential|dataKey/i

describe('the description of answers', () => {
  let current: CurrentAnswerTypes
  beforeAll(() => {
    current = currentAnswerTypes()
  })

  it('is what the types of the code say: npm run build makes it anew', () => {
    const { types } = current
    expect(Object.keys(types.answers).length).toBeGreaterThan(90)
    const built: unknown = JSON.parse(readFileSync(packageFile(ANSWER_TYPES_FILE), 'utf8'))
    expect(built).toEqual(types)
  })

  it('holds no field that may be a secret but these', () => {
    expect([...fieldsLike(SECRET, current.types, '')].sort()).toEqual([
      // What a form of the public carries, good once.
      'schemas.Challenge.token',
      // How many records are under a new data key.
      'schemas.DataKeyStatus.resealed',
      // Shown once, to whoever has made them.
      'schemas.NewKey.secret',
      'schemas.NewWebhook.secret',
      // The names of those that a source has.
      'schemas.SourceView.credentials',
    ])
  })

  it('is of types that are meant for others: exported ones', () => {
    // Its file is what HMA calls a match.
    expect(current.unexported).toEqual(['HmaMatch'])
  })
})

/** The paths of properties with such a name. */
function* fieldsLike(pattern: RegExp, node: unknown, path: string): Generator<string> {
  if (typeof node !== 'object' || node === null) return
  for (const [name, child] of Object.entries(node)) {
    const isProperty = path.endsWith('.properties')
    const at = (isProperty ? path.slice(0, -'.properties'.length) : path) + `.${name}`
    if (isProperty && pattern.test(name)) yield at.slice(1)
    yield* fieldsLike(pattern, child, at)
  }
}
