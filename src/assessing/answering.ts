import type { Circumstances, KeptAnswer } from '../cases/index.ts'
import { isName, own } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Classification } from '../register/index.ts'
import { contradicts, isTruth, type Question, type Questions } from './questions.ts'
import { meets } from './terms.ts'

const NAME_CHARS_MAX = 256

/** Answers as they are given: by the id of the question, one term or several. */
export type GivenAnswers = Readonly<Record<string, string | readonly string[]>>
type Terms = Readonly<Record<string, readonly string[]>>
type Told = Partial<Circumstances>

/**
 * What answers say of the circumstances, beside what was said of them by name. Throws INVALID_INPUT naming the question
 * where there is none of that id, its answer is none that it has, or both say different things.
 */
export function circumstancesIn(questions: Questions, given: GivenAnswers, told: Told = {}): Told {
  const terms = termsIn(questions, given)
  const filled: Record<string, string | boolean> = {}
  for (const question of questions.all) {
    const { id, fills } = question
    const [word] = own(terms, id) ?? []
    if (fills === null || word === undefined) continue
    const value = isTruth(fills) ? truthOf(word) : word
    if (value === undefined) continue
    const said = told[fills]
    if (said !== undefined && said !== null && said !== value) {
      throw refused(question, `is answered ${word}, and the circumstances say something else`)
    }
    filled[fills] = value
  }
  return { ...told, ...filled }
}

/**
 * The answers with the words that they were asked and given in, those that the circumstances give among them. Throws
 * INVALID_INPUT naming the question: one that is not asked, an answer that is required for the class and missing, answers
 * that contradict each other.
 */
export function keptAnswers(
  questions: Questions,
  classification: Classification,
  given: GivenAnswers,
  told: Told,
): readonly KeptAnswer[] {
  const asked = termsIn(questions, given)
  const filled = filledBy(questions, told)
  const all = { ...asked, ...filled }
  for (const question of questions.all) {
    const isAsked = meets(question.when, all)
    if (!isAsked && own(asked, question.id) !== undefined) {
      throw refused(question, `is asked only where ${conditionText(question.when)}`)
    }
    const isRequired = isAsked && question.required.includes(classification)
    if (isRequired && own(all, question.id) === undefined) {
      throw refused(question, `is to be answered for ${classification}: ${question.asks}`)
    }
  }
  for (const one of questions.never) {
    if (!contradicts(one, classification, all)) continue
    const names = one.when.flatMap((when) => Object.keys(when))
    const named = questions.all.find(({ id }) => names.includes(id))
    throw named === undefined ? invalid('answers', one.why) : refused(named, one.why)
  }
  return questions.all.flatMap((question) => {
    const terms = own(all, question.id)
    return terms === undefined ? [] : [keptOf(question, terms)]
  })
}

function keptOf(question: Question, answer: readonly string[]): KeptAnswer {
  const { id, asks, answers, iccam, set, version } = question
  const means = answer.map((word) => own(answers, word) ?? word)
  const known = iccam && {
    field: iccam.field,
    values: answer.flatMap((word) => own(iccam.values, word) ?? []),
  }
  return { question: id, asks, answer, means, set, version, ...(known && { iccam: known }) }
}

/** Checked, each once, in the order of the file. */
function termsIn({ all }: Questions, given: GivenAnswers): Terms {
  const terms = Object.entries(given).map(([id, said]) => {
    const question = all.find((one) => one.id === id)
    if (question === undefined) {
      const known = all.map((one) => one.id).join(', ')
      throw invalid(`answers.${id}`, `there is no question ${id}; there are ${known}`)
    }
    return [id, checked(question, typeof said === 'string' ? [said] : said)] as const
  })
  return Object.fromEntries(terms)
}

function checked(question: Question, said: readonly string[]): readonly string[] {
  const { kind, answers, several } = question
  const [first, second] = said
  if (first === undefined) throw refused(question, 'has no answer')
  if (second !== undefined && !several) throw refused(question, 'has one answer')
  switch (kind) {
    case 'country': {
      const country = first.toUpperCase()
      if (/^[A-Z]{2}$/.test(country)) return [country]
      throw refused(question, 'a country is two letters (ISO 3166-1)')
    }
    case 'name': {
      const name = first.trim()
      if (name !== '' && name.length <= NAME_CHARS_MAX && isName(name)) return [name]
      throw refused(question, `one line of up to ${NAME_CHARS_MAX} characters`)
    }
    case 'choice': {
      const known = Object.keys(answers)
      const unknown = said.find((word) => !known.includes(word))
      if (unknown === undefined) return known.filter((word) => said.includes(word))
      throw refused(question, `one of ${known.join(', ')}`)
    }
  }
}

/** What the circumstances answer of the questions that fill them. */
function filledBy({ all }: Questions, told: Told): Terms {
  const filled = all.flatMap(({ id, fills }) => {
    const value = fills === null ? null : (told[fills] ?? null)
    if (value === null) return []
    return [[id, [typeof value === 'string' ? value : value ? 'yes' : 'no']] as const]
  })
  return Object.fromEntries(filled)
}

function truthOf(word: string): boolean | undefined {
  return word === 'yes' ? true : word === 'no' ? false : undefined
}

function conditionText(when: Terms): string {
  return Object.entries(when)
    .map(([name, terms]) => `${name} is ${terms.join(' or ')}`)
    .join(' and ')
}

function refused({ id }: Question, message: string): HindraError {
  return invalid(`answers.${id}`, `${id}: ${message}`)
}

function invalid(field: string, message: string): HindraError {
  return new HindraError('INVALID_INPUT', message, { field })
}
