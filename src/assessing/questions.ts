import { z } from 'zod'
import { ICCAM_FIELDS, type IccamField } from '../cases/index.ts'
import { type PolicyFiles, readPolicyFile, refusedFiles, versionOf } from '../policy/index.ts'
import { type Classification, CLASSIFICATIONS } from '../register/index.ts'
import { readSecondAssessments, type SecondAssessments } from './second-assessments.ts'
import { meets } from './terms.ts'

const FOLDER = 'assessment'
const TERMS_MAX = 500
const QUESTIONS_MAX = 500
const TEXT_MAX = 500
/** What is not known to be ICCAM's word is not sent as if it were. */
const NOT_VERIFIED = 'not verified'
/** Stands for the class among the questions that answers can contradict. */
const CLASS = 'class'

/** The circumstances that a question can fill: those that are true or false, and those that are a word. */
const TRUTHS = ['ownRequest', 'account', 'referral', 'inDangerNow'] as const
const WORDS = [
  'childCountry',
  'offenderCountry',
  'childMunicipality',
  'profileId',
  'profileName',
] as const
export type FilledTruth = (typeof TRUTHS)[number]
export type FilledWord = (typeof WORDS)[number]

export const QUESTION_KINDS = ['choice', 'country', 'name'] as const

const term = z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'is no term')
const id = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'lower-case letters, digits and -')
const line = z.string().trim().min(1).max(TEXT_MAX)
const conditions = z.record(id, z.array(term).min(1))

const answer = z.strictObject({
  means: line,
  iccam: z.union([z.boolean(), line]).optional(),
})

const question = z.strictObject({
  asks: line,
  kind: z.enum(QUESTION_KINDS).default('choice'),
  answers: z.record(term, answer).default({}),
  several: z.boolean().default(false),
  when: conditions.default({}),
  required: z.array(z.enum(CLASSIFICATIONS)).default([]),
  fills: z.enum([...TRUTHS, ...WORDS]).optional(),
  iccam: z.enum(ICCAM_FIELDS).optional(),
})

const file = z.strictObject({
  version: z.string().min(1).max(32),
  questions: z.record(id, question),
  never: z
    .array(z.strictObject({ why: line, of: conditions, and: conditions.default({}) }))
    .default([]),
})

/** One question of an assessment, as the file has it. */
export interface Question {
  readonly id: string
  readonly asks: string
  readonly kind: (typeof QUESTION_KINDS)[number]
  /** Of a choice: what each term means. */
  readonly answers: Readonly<Record<string, string>>
  readonly several: boolean
  /** It is asked only where each of these has one of these answers. */
  readonly when: Readonly<Record<string, readonly string[]>>
  readonly required: readonly Classification[]
  /** What of the circumstances the answer says as well. */
  readonly fills: FilledTruth | FilledWord | null
  /** The field of ICCAM's, and what of it each term is, where that is verified. */
  readonly iccam: {
    readonly field: IccamField
    readonly values: Readonly<Record<string, string | boolean>>
  } | null
  /** The file, without its ending, and its version with a digest of its content. */
  readonly set: string
  readonly version: string
}

/** Answers that contradict each other; `class` stands for the class. */
export interface Contradiction {
  readonly why: string
  readonly when: readonly Readonly<Record<string, readonly string[]>>[]
}

/** What is asked of every assessment. */
export interface Questions {
  /** In the order in which they are asked. */
  readonly all: readonly Question[]
  readonly never: readonly Contradiction[]
  /** How many people are asked. */
  readonly second: SecondAssessments
}

/** The questions of every file of the folder, and how many people are asked them. Throws INVALID_CONFIG with every problem of a file at once. */
export function readQuestions(files: PolicyFiles): Questions {
  const sets = files.list(FOLDER).map((name) => {
    const at = `${FOLDER}/${name}`
    const read = files.read(at)
    const content = readPolicyFile(files, at, file)
    const version = versionOf(read, content.version)
    return { set: name.replace('.yaml', ''), path: read.path, ...content, version }
  })
  const all = sets.flatMap(({ set, version, questions }) =>
    Object.entries(questions).map(([name, one]) => questionOf(name, one, set, version)),
  )
  const never = sets.flatMap((one) => one.never)
  // Questions of one file may name those of another, so all are read before any is held against the others.
  const refused = sets
    .map(({ path, ...one }) => ({ path, problems: problemsOf(one, all) }))
    .filter(({ problems }) => problems.length > 0)
  if (refused.length > 0) throw refusedFiles(refused)
  const second = readSecondAssessments(
    files,
    all.map((one) => one.id),
  )
  return { all, second, never: never.map(({ why, of, and }) => ({ why, when: [of, and] })) }
}

type QuestionFile = z.output<typeof file>

function questionOf(
  name: string,
  { answers, fills, iccam, ...one }: z.output<typeof question>,
  set: string,
  version: string,
): Question {
  const values = Object.entries(answers).flatMap(([word, { iccam: value }]) =>
    value === undefined || value === NOT_VERIFIED ? [] : [[word, value] as const],
  )
  return {
    ...one,
    id: name,
    fills: fills ?? null,
    set,
    version,
    answers: Object.fromEntries(
      Object.entries(answers).map(([word, { means }]) => [word, means] as const),
    ),
    iccam: iccam === undefined ? null : { field: iccam, values: Object.fromEntries(values) },
  }
}

/** What no type can say. */
function problemsOf(
  { set, questions, never }: QuestionFile & { readonly set: string },
  all: readonly Question[],
): readonly string[] {
  const problems: string[] = []
  if (all.length > QUESTIONS_MAX) problems.push(`over ${QUESTIONS_MAX} questions in all`)
  for (const [name, one] of Object.entries(questions)) {
    const at = `questions.${name}`
    const terms = Object.keys(one.answers)
    const other = all.find((asked) => asked.id === name && asked.set !== set)
    if (name === CLASS) problems.push(`${at}: the class is no question of its own`)
    if (other !== undefined) problems.push(`${at}: ${other.set}.yaml has a question of that name`)
    if (terms.length > TERMS_MAX) problems.push(`${at}: over ${TERMS_MAX} answers`)
    if (one.kind === 'choice' && terms.length === 0) problems.push(`${at}: a choice has answers`)
    if (one.kind !== 'choice' && terms.length > 0) problems.push(`${at}: only a choice has answers`)
    if (one.kind !== 'choice' && one.several) problems.push(`${at}: only a choice has several`)
    if (!canFill(one, terms)) {
      problems.push(`${at}.fills: ${one.fills ?? ''} is not what such an answer says`)
    }
    if (Object.keys(one.when).includes(name)) problems.push(`${at}.when: names itself`)
    if (Object.keys(one.when).includes(CLASS)) problems.push(`${at}.when: names the class`)
    problems.push(...unknownIn(`${at}.when`, one.when, all))
  }
  for (const [position, { of, and }] of never.entries()) {
    problems.push(...unknownIn(`never.${position}.of`, of, all))
    problems.push(...unknownIn(`never.${position}.and`, and, all))
  }
  return problems
}

/** Truths are filled by yes and no, words by what is no choice, each of its kind. */
function canFill({ fills, kind, several }: QuestionFile['questions'][string], terms: string[]) {
  if (fills === undefined) return true
  if (isTruth(fills)) return !several && ['yes', 'no'].every((word) => terms.includes(word))
  const isCountry = fills === 'childCountry' || fills === 'offenderCountry'
  return kind === (isCountry ? 'country' : 'name')
}

export function isTruth(fills: FilledTruth | FilledWord): fills is FilledTruth {
  return TRUTHS.some((truth) => truth === fills)
}

function unknownIn(
  at: string,
  when: Readonly<Record<string, readonly string[]>>,
  all: readonly Question[],
): readonly string[] {
  return Object.entries(when).flatMap(([name, terms]) => {
    const known = name === CLASS ? CLASSIFICATIONS : termsOf(all, name)
    if (known === undefined) return [`${at}: there is no choice called ${name}`]
    return terms
      .filter((word) => !known.some((one) => one === word))
      .map((word) => `${at}.${name}: ${word} is none of ${known.join(', ')}`)
  })
}

function termsOf(all: readonly Question[], name: string): readonly string[] | undefined {
  const found = all.find((one) => one.id === name && one.kind === 'choice')
  return found && Object.keys(found.answers)
}

/** Whether each choice is answered so, with the class as `class`. */
export function contradicts(
  { when }: Contradiction,
  classification: Classification,
  given: Readonly<Record<string, readonly string[]>>,
): boolean {
  const all = { ...given, [CLASS]: [classification] }
  return when.every((one) => meets(one, all))
}
