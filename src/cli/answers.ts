import { createInterface } from 'node:readline'
import type { GivenAnswers, Question, Questions } from '../assessing/index.ts'
import { meets } from '../assessing/terms.ts'
import type { Circumstances } from '../cases/index.ts'
import type { Client } from '../client/index.ts'
import { own } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Classification } from '../register/index.ts'
import { table } from './output.ts'
import type { Shell } from './shell.ts'
import { readTextFile } from './text-file.ts'

export interface AnswerOptions {
  /** `age=infant` */
  readonly answer: readonly string[]
  /** A file of JSON. */
  readonly answers?: string
  /** Whether people at a terminal are asked. */
  readonly ask: boolean
}

/**
 * What was answered by options and by a file, and, where somebody sits at a terminal, what they answer to the questions
 * that are left. Throws INVALID_INPUT; what is wrong with an answer is told by the server.
 */
export async function answersOf(
  shell: Shell,
  client: Client,
  told: AnswerOptions & {
    readonly classification: Classification
    readonly circumstances: Partial<Circumstances> | undefined
  },
): Promise<GivenAnswers | undefined> {
  const given: GivenAnswers = {
    ...(told.answers === undefined ? {} : await fileAnswers(told.answers)),
    ...optionAnswers(told.answer),
  }
  const { stdin, stderr } = shell.terminal
  if (told.ask && isTerminal(stdin) && stderr.isTTY === true && !shell.output().asJson) {
    const questions = await client.assessments.questions()
    return someOf({ ...given, ...(await asked(shell, questions, given, told)) })
  }
  return someOf(given)
}

function someOf(given: GivenAnswers): GivenAnswers | undefined {
  return Object.keys(given).length === 0 ? undefined : given
}

/** What is asked, and what can be answered. */
export function showQuestions(shell: Shell): Promise<void> {
  return shell.withClient(async (client) => {
    shell.output().answer(await client.assessments.questions(), questionsText)
  })
}

async function fileAnswers(path: string): Promise<GivenAnswers> {
  const { z } = await import('zod')
  const file = z.record(z.string(), z.union([z.string(), z.array(z.string())]))
  const text = readTextFile(path, undefined)
  try {
    return file.parse(JSON.parse(text))
  } catch (cause) {
    const message = `${path} is no JSON object of answers by question`
    throw new HindraError('INVALID_INPUT', message, { field: 'answers', cause })
  }
}

/** A question that is named more than once has all these answers. */
function optionAnswers(options: readonly string[]): GivenAnswers {
  const given = new Map<string, readonly string[]>()
  for (const option of options) {
    const [question = '', ...rest] = option.split('=')
    const term = rest.join('=')
    if (question === '' || term === '') {
      throw new HindraError('INVALID_INPUT', `--answer: ${option} is not question=term`)
    }
    given.set(question, [...(given.get(question) ?? []), term])
  }
  return Object.fromEntries(given)
}

function isTerminal(stdin: object): boolean {
  return 'isTTY' in stdin && stdin.isTTY === true
}

/** One after the other; an empty line leaves a question open. What options have said is not asked. */
async function asked(
  { terminal }: Shell,
  { all }: Questions,
  given: GivenAnswers,
  {
    circumstances = {},
    classification,
  }: {
    readonly circumstances: Partial<Circumstances> | undefined
    readonly classification: Classification
  },
): Promise<GivenAnswers> {
  const answers = new Map<string, readonly string[]>()
  const reading = createInterface({ input: terminal.stdin, terminal: false })
  const lines = reading[Symbol.asyncIterator]()
  /** Throws INVALID_INPUT where whoever is asked goes away. */
  async function ask(text: string): Promise<string> {
    terminal.stderr.write(text)
    const next = await lines.next()
    if (next.done !== true) return next.value
    throw new HindraError('INVALID_INPUT', 'the questions were left: nothing was assessed')
  }
  try {
    for (const question of all) {
      const isSaid = question.fills !== null && circumstances[question.fills] !== undefined
      const known = { ...given, ...Object.fromEntries(answers) }
      if (isSaid || own(known, question.id) !== undefined || !meets(question.when, known)) continue
      const answer = await oneAnswer(ask, question, classification)
      if (answer.length > 0) answers.set(question.id, answer)
    }
    return Object.fromEntries(answers)
  } finally {
    reading.close()
  }
}

async function oneAnswer(
  ask: (text: string) => Promise<string>,
  question: Question,
  classification: Classification,
): Promise<readonly string[]> {
  const { asks, answers, kind, several, required } = question
  const terms = Object.entries(answers).map(([term, means]) => `  ${term}: ${means}\n`)
  const how = { choice: several ? 'one or more' : 'one', country: 'two letters', name: 'a line' }
  const mustBe = required.includes(classification)
  const leave = mustBe ? 'needed' : 'empty to leave it open'
  for (;;) {
    const line = await ask(`${asks}\n${terms.join('')}${how[kind]}, ${leave}: `)
    const said = kind === 'choice' ? line.split(/[\s,]+/) : [line.trim()]
    const answer = said.filter((word) => word !== '')
    const isKnown = kind !== 'choice' || answer.every((word) => own(answers, word) !== undefined)
    const isEnough = several || answer.length <= 1
    if (isKnown && isEnough && (answer.length > 0 || !mustBe)) return answer
  }
}

function questionsText({ all, never }: Questions): string {
  const rows = all.flatMap(({ id, asks, kind, answers, required, when }) => {
    const notes = [
      ...Object.entries(when).map(([name, terms]) => `where ${name}=${terms.join('|')}`),
      ...(required.length === 0 ? [] : [`needed for ${required.join(', ')}`]),
    ].join('; ')
    const terms = Object.entries(answers)
    if (terms.length === 0) return [[id, asks, `(${kind})`, null, notes]]
    return terms.map(([term, means], at) =>
      at === 0 ? [id, asks, term, means, notes] : [null, null, term, means, null],
    )
  })
  const versions = [...new Set(all.map(({ set, version }) => `${set} ${version}`))]
  return [
    `asked by ${versions.join(', ')}`,
    '',
    table(['question', 'asks', 'answer', 'means', 'when'], rows),
    ...(never.length === 0 ? [] : ['', 'never', ...never.map(({ why }) => `  ${why}`)]),
  ].join('\n')
}
