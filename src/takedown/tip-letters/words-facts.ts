import { defangedText } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { Tip } from '../../intake/index.ts'
import type { PoliceContact, Router } from '../../route/index.ts'
import { type LetterFacts, referenceOf } from '../letters/facts.ts'
import { type SingleLetterHouse, singleFacts } from '../letters/single-facts.ts'
import type { Language } from '../notice.ts'

/** What fits a mail behind its mark of a quotation. */
const LINE_CHARS = 68

/** Everything that a letter to the police says of a tip in words. Throws CONFLICT where it has none. */
export function wordsFacts(
  tip: Tip,
  police: PoliceContact & { readonly language: Language },
  house: Omit<SingleLetterHouse, 'home'> & {
    readonly earlierAt: string | null
    readonly router: Pick<Router, 'home' | 'municipality'>
  },
): LetterFacts {
  const { words, category, seenIn = null, country = null, childMunicipality } = tip
  if (words === undefined || category === undefined) {
    throw new HindraError('CONFLICT', { says: 'tip-wordless' })
  }
  const { router, earlierAt } = house
  return {
    ...singleFacts({ ...house, home: router.home.country }, police.language),
    role: 'police',
    matter: 'words',
    step: 'first',
    rung: 'notice',
    reference: referenceOf(tip.id),
    recipient: police.title,
    byForm: police.address === undefined,
    ownRequest: tip.ownRequest ?? false,
    childInDanger: tip.inDangerNow,
    municipality: childMunicipality === undefined ? null : router.municipality(childMunicipality),
    tip: {
      receivedAt: tip.receivedAt,
      source: tip.source,
      category,
      seenIn,
      country,
      lines: quotedLines(words),
      earlierAt,
    },
  }
}

/** The words in lines; one that is longer than a mail's, with spaces or without, goes on in the next. */
function quotedLines(words: string): readonly string[] {
  return defangedText(words)
    .split('\n')
    .flatMap((line) => [...wrapped(line.replaceAll('\t', ' ').trimEnd())])
}

function* wrapped(line: string): Generator<string> {
  let rest = Array.from(line)
  while (rest.length > LINE_CHARS) {
    const space = rest.lastIndexOf(' ', LINE_CHARS)
    const end = space > 0 ? space : LINE_CHARS
    yield rest.slice(0, end).join('').trimEnd()
    rest = rest.slice(rest[end] === ' ' ? end + 1 : end)
  }
  yield rest.join('')
}
