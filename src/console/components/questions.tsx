import type { Question } from '../../assessing/index.ts'
import { useVisit } from '../visiting.ts'
import { laidDownIn } from '../words/laid-down.ts'
import { Field } from './field.tsx'
import { Choice, useTyped } from './form.tsx'

/** The questions of the house, in the order in which they are asked. Their words are the house's own, unless Hindra ships them. */
export function Questions({ questions }: { readonly questions: readonly Question[] }) {
  return (
    <>
      {questions.map((question) => (
        <Asked key={question.id} question={question} />
      ))}
    </>
  )
}

function Asked({ question }: { readonly question: Question }) {
  const { words, language } = useVisit()
  const name = `answers.${question.id}`
  const typed = useTyped(name)
  const { asks, kind, several, answers } = question
  if (kind !== 'choice') {
    return (
      <Field
        name={name}
        label={laidDownIn(language, asks)}
        value={typed}
        {...(kind === 'country' && { maxlength: 2, pattern: '[A-Z]{2}' })}
      />
    )
  }
  const terms = Object.entries(answers).map(
    ([term, means]) => [term, laidDownIn(language, means)] as const,
  )
  return (
    <Choice
      name={name}
      legend={laidDownIn(language, asks)}
      required={false}
      several={several}
      options={several ? terms : [['', words.tip.unanswered], ...terms]}
    />
  )
}
