import { z } from 'zod'
import type { PanelRule } from '../cases/index.ts'
import { type PolicyFiles, readPolicyFile, versionOf } from '../policy/index.ts'
import { type Classification, CLASSIFICATIONS } from '../register/index.ts'

const FILE = 'second-assessments.yaml'
const EQUAL_MAX = 50

const people = z.enum(['one', 'two']).default('one')
const verifying = z.enum(['person', 'enough', 'demanded']).default('person')
const file = z.strictObject({
  version: z.string().min(1).max(32),
  cases: z.strictObject({ Baseline: people, National: people, Harmful: people, Ignore: people }),
  equal: z.array(z.string()).max(EQUAL_MAX).default([]),
  register: z
    .strictObject({ Baseline: verifying, National: verifying, Harmful: verifying })
    .prefault({}),
})

/** How many people assess the same before anything follows, and what of it must be equal. */
export interface SecondAssessments extends PanelRule {
  /** By the class that the first person gives. */
  readonly cases: Readonly<Record<Classification, z.output<typeof people>>>
  /**
   * What verifies an entry of an own list, by its class: a second person (`person`), two equal assessments of its very
   * bytes as well (`enough`), or nothing without them (`demanded`). A class that is not named takes a person.
   */
  readonly register: Readonly<Partial<Record<Classification, z.output<typeof verifying>>>>
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
  const { version, equal, ...rules } = readPolicyFile(files, FILE, file, (content) =>
    problemsOf(content, questions),
  )
  return {
    ...rules,
    questions: [...new Set(equal)],
    version: versionOf(files.read(FILE), version),
  }
}

/** What no type can say. */
function problemsOf(
  { cases, equal, register }: z.output<typeof file>,
  questions: readonly string[],
): readonly string[] {
  const two = CLASSIFICATIONS.filter((classification) => cases[classification] === 'two')
  const unknown = equal.filter((id) => !questions.includes(id))
  const alone = (['Baseline', 'National', 'Harmful'] as const).filter(
    (classification) => register[classification] !== 'person' && cases[classification] === 'one',
  )
  return [
    ...(two.length === 1
      ? [
          `cases: two people for ${two.join()} alone, so that whoever is asked second knows what the first one said: ` +
            'ask two of at least one class more',
        ]
      : []),
    ...unknown.map((id) => `equal: there is no question ${id}; there are ${questions.join(', ')}`),
    ...alone.map(
      (classification) =>
        `register: ${classification}: ${register[classification]}, and one person assesses that class, so that there ` +
        `are never two assessments: lay down \`cases: { ${classification}: two }\` as well, or \`person\` here`,
    ),
  ]
}
