import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { PanelRule } from '../cases/index.ts'
import type { PolicyFiles } from '../policy/index.ts'
import { HindraError } from '../errors.ts'
import { type Classification, CLASSIFICATIONS } from '../register/index.ts'

const FILE = 'second-assessments.yaml'
const EQUAL_MAX = 50
/** Enough to tell two contents of a file apart. */
const DIGEST_CHARS = 8

const people = z.enum(['one', 'two']).default('one')
const file = z.strictObject({
  version: z.string().min(1).max(32),
  cases: z.strictObject({ Baseline: people, National: people, Harmful: people, Ignore: people }),
  equal: z.array(z.string()).max(EQUAL_MAX).default([]),
})

/** How many people assess the same before anything follows, and what of it must be equal. */
export interface SecondAssessments extends PanelRule {
  /** By the class that the first person gives. */
  readonly cases: Readonly<Record<Classification, z.output<typeof people>>>
}

/**
 * Reads the file of the house, or the shipped one.
 *
 * @param questions Ids of all that is asked. Throws INVALID_CONFIG with every problem at once
 */
export function readSecondAssessments(
  files: PolicyFiles,
  questions: readonly string[],
): SecondAssessments {
  const { path, content } = files.read(FILE)
  const read = file.safeParse(content)
  const problems = read.success
    ? problemsOf(read.data, questions)
    : read.error.issues.map(
        (issue) => `${issue.path.map(String).join('.') || 'the file'}: ${issue.message}`,
      )
  if (!read.success || problems.length > 0) {
    throw new HindraError('INVALID_CONFIG', problems.map((one) => `${path}: ${one}`).join('; '))
  }
  const { version, equal, ...rules } = read.data
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  return {
    ...rules,
    questions: [...new Set(equal)],
    version: `${version}+${digest.slice(0, DIGEST_CHARS)}`,
  }
}

/** What no type can say. */
function problemsOf(
  { cases, equal }: z.output<typeof file>,
  questions: readonly string[],
): readonly string[] {
  const two = CLASSIFICATIONS.filter((classification) => cases[classification] === 'two')
  const unknown = equal.filter((id) => !questions.includes(id))
  return [
    ...(two.length === 1
      ? [
          `cases: two people for ${two.join()} alone, so that whoever is asked second knows what the first one said: ` +
            'ask two of at least one class more',
        ]
      : []),
    ...unknown.map((id) => `equal: there is no question ${id}; there are ${questions.join(', ')}`),
  ]
}
