import { defangedText, isoTime } from '../../core/index.ts'
import type { Config } from '../../config.ts'
import { HindraError } from '../../errors.ts'
import type { Tip } from '../../intake/index.ts'
import type { PoliceContact, Router } from '../../route/index.ts'
import { type LetterFacts, referenceOf } from '../letters/facts.ts'
import type { Language } from '../notice.ts'

/** What fits a mail behind its mark of a quotation. */
const LINE_CHARS = 68

/** Everything that a letter to the police says of a tip in words. Throws CONFLICT where it has none. */
export function wordsFacts(
  tip: Tip,
  police: PoliceContact & { readonly language: Language },
  house: {
    readonly nowMs: number
    readonly earlierAt: string | null
    readonly notifier: { readonly organisation: string; readonly from: string }
    readonly house: Config['house']
    readonly timeZone: string
    readonly router: Pick<Router, 'home' | 'municipality'>
  },
): LetterFacts {
  const { words, category, seenIn = null, country = null, childMunicipality } = tip
  if (words === undefined || category === undefined) {
    throw new HindraError('CONFLICT', 'the tip says nothing in words')
  }
  const { language } = police
  const { notifier, router, timeZone } = house
  return {
    role: 'police',
    matter: 'words',
    step: 'first',
    rung: 'notice',
    language,
    timeZone,
    reference: referenceOf(tip.id),
    composedAt: isoTime(house.nowMs),
    recipient: police.title,
    organisation: notifier.organisation,
    contact: notifier.from,
    telephone: house.house.telephone ?? null,
    dutyHours: house.house.dutyHours[language] ?? null,
    home: router.home.country,
    byForm: police.address === undefined,
    urlForm: 'defanged',
    attached: [],
    ownRequest: tip.ownRequest ?? false,
    childInDanger: tip.inDangerNow,
    unlawfulThere: true,
    laws: [],
    digitalServicesAct: null,
    trustedFlagger: null,
    actBy: null,
    nextLookBy: null,
    next: null,
    hold: null,
    policeAgreedAt: null,
    policeToldAt: null,
    policeReference: null,
    municipality: childMunicipality === undefined ? null : router.municipality(childMunicipality),
    takenBack: null,
    othersTold: 0,
    answer: null,
    table: [],
    tip: {
      receivedAt: tip.receivedAt,
      source: tip.source,
      category,
      seenIn,
      country,
      lines: quotedLines(words),
      earlierAt: house.earlierAt,
    },
    notices: [],
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
