import type { Config } from '../../config.ts'
import { isoTime } from '../../core/index.ts'
import type { Language } from '../notice.ts'
import type { LetterFacts } from './facts.ts'

/** Who writes letters that are no notices, and when. */
export interface SingleLetterHouse {
  readonly nowMs: number
  readonly notifier: { readonly organisation: string; readonly from: string }
  readonly house: Config['house']
  readonly timeZone: string
  /** ISO 3166-1 alpha-2. */
  readonly home: string
}

/** What of a letter that is no notice is the same whatever it is about: who writes, and none of what notices say. */
export function singleFacts(
  { nowMs, notifier, house, timeZone, home }: SingleLetterHouse,
  language: Language,
) {
  return {
    language,
    timeZone,
    composedAt: isoTime(nowMs),
    organisation: notifier.organisation,
    contact: notifier.from,
    telephone: house.telephone ?? null,
    dutyHours: house.dutyHours[language] ?? null,
    home,
    urlForm: 'defanged',
    attached: [],
    pictures: 'none',
    ownRequest: false,
    childInDanger: false,
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
    municipality: null,
    takenBack: null,
    othersTold: 0,
    answer: null,
    table: [],
    tip: null,
    objection: null,
    notices: [],
  } as const satisfies Partial<LetterFacts>
}
