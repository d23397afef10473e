import { isWritten, LETTER_ROLES, letterStep, matterOf } from '../../src/takedown/letters/kinds.ts'
import { type LetterFacts, referenceOf } from '../../src/takedown/letters/facts.ts'
import { sampleLetter } from '../../src/takedown/letters/samples.ts'
import { createLetterWriter, type LetterText } from '../../src/takedown/letters/writer.ts'
import type { NoticePart } from '../../src/takedown/notice-part.ts'

const writer = createLetterWriter()

/** The words of a part of which nothing more is known than it says. */
export function wordsOf(part: NoticePart): LetterText {
  return writer.write(factsOf(part))
}

function factsOf(part: NoticePart): LetterFacts {
  const role = LETTER_ROLES.find((one) => one === part.role) ?? 'host'
  const [first] = part.notices
  const matter = matterOf(part.nature, { account: first?.account ?? false })
  const wanted = letterStep(part.step, false)
  // Some are told only later.
  const step = isWritten(role, matter, wanted) ? wanted : 'escalation'
  const sample = sampleLetter({ role, matter, step }, part.language)
  const [line] = sample.notices
  if (line === undefined) throw new Error('a sample has a line')
  return {
    ...sample,
    attached: part.attached,
    laws: part.nature === 'illegal' ? part.laws : [],
    reference: referenceOf(first?.noticeId ?? ''),
    organisation: part.notifier?.organisation ?? null,
    contact: part.notifier?.contact ?? null,
    telephone: null,
    recipient: part.provider,
    composedAt: part.composedAt,
    notices: part.notices.map((one) => ({
      ...line,
      ...one,
      reference: referenceOf(one.noticeId),
    })),
  }
}
