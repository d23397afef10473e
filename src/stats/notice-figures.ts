import type { NoticeFacts } from '../takedown/index.ts'
import type { CaseFacts } from '../cases/index.ts'
import type { Figure, FigureRow, InWords } from './figure.ts'
import { hasArrived } from './first-notices.ts'
import type { PeriodFacts } from './period-facts.ts'
import { isWithin, type Period } from './period.ts'

/** Who stores what others upload, in the words of Regulation (EU) 2022/2065 (DSA), Article 3(g)(iii). */
const HOSTING = ['host', 'platform'] as const
const GONE = 'no-longer-kept'

/** What became of what a notice told of, as looks saw it. */
const NOTICE_OUTCOMES = ['removed', 'unavailable', 'moved', 'not-gone', 'taken-back'] as const

/** Figures of notices, as they stand now: what bounces later leaves those that were sent. */
export const NOTICE_FIGURES = {
  noticesSent: sent(['notice'], {
    title: { sv: 'Första anmälningar', en: 'First notices' },
    says: {
      sv: 'Första anmälningar som lämnades över under perioden och inte har kommit tillbaka. Det som studsar senare lämnar siffran.',
      en: 'First notices handed over in the period that have not come back. What bounces later leaves the figure.',
    },
  }),
  remindersSent: sent(['reminder'], {
    title: { sv: 'Påminnelser', en: 'Reminders' },
    says: { sv: 'Påminnelser, räknade likadant.', en: 'Reminders, counted alike.' },
  }),
  escalationsSent: sent(['site-owner', 'registrar', 'upstream', 'regulator'], {
    title: { sv: 'Anmälningar till fler', en: 'Notices to others who can act' },
    says: {
      sv: 'Anmälningar till webbplatsers ägare, registrarer, nät och tillsynsmyndigheter, räknade likadant.',
      en: 'Notices to site owners, registrars, upstream networks and regulators, counted alike.',
    },
  }),
  correctionsSent: sent(['correction'], {
    title: { sv: 'Rättelser', en: 'Corrections' },
    says: { sv: 'Rättelser, räknade likadant.', en: 'Corrections, counted alike.' },
  }),
  othersSent: sent(['removed', 'answer', 'confirmation'], {
    title: { sv: 'Övriga brev', en: 'Other letters' },
    says: {
      sv: 'Allt annat som sades, räknat likadant: att det är borta, ett svar.',
      en: 'Everything else that was told, counted alike: that it is gone, an answer.',
    },
  }),
  noticesBounced: {
    unit: 'notice',
    measure: 'count',
    title: { sv: 'Studsade anmälningar', en: 'Notices that came back' },
    says: {
      sv: 'Anmälningar av alla slag som lämnades över under perioden och kom tillbaka: de nådde ingen.',
      en: 'Notices of any kind handed over in the period that came back: they told nobody.',
    },
    rows: ({ notices }, period) =>
      notices
        .filter(({ clear }) => clear.state === 'bounced' && isWithin(period, clear.sentAt))
        .map((notice) => rowOf(notice)),
  },
  noticesFailed: {
    unit: 'notice',
    measure: 'count',
    title: { sv: 'Anmälningar som ingen tog emot', en: 'Notices that nobody took' },
    says: {
      sv: 'Anmälningar av alla slag som köades under perioden och som ingen tog emot i något försök.',
      en: 'Notices of any kind queued in the period that no one took in all tries.',
    },
    rows: ({ notices }, period) =>
      notices
        .filter(({ clear }) => clear.state === 'failed' && isWithin(period, clear.queuedAt))
        .map((notice) => rowOf(notice)),
  },
  noticesByRecipient: {
    unit: 'notice',
    measure: 'count',
    title: { sv: 'Första anmälningar efter mottagare', en: 'First notices, by recipient' },
    says: {
      sv: 'De första anmälningarna, efter slag av mottagare. Ett ärende kan ha flera mottagare, och räknas då en gång för var och en.',
      en: 'The first notices, by kind of recipient. One URL can have several recipients, and counts once for each.',
    },
    groups: ['police', 'host', 'platform', 'hotline'],
    rows: ({ notices }, period) =>
      arrived(notices, period, ['notice']).map((notice) =>
        rowOf(notice, { group: notice.clear.role }),
      ),
  },
  noticeOutcomes: {
    unit: 'notice',
    measure: 'count',
    title: { sv: 'Vad som blev av dem', en: 'What came of them' },
    says: outcomeWords(),
    groups: NOTICE_OUTCOMES,
    rows: ({ notices, caseOf }, period) =>
      arrived(notices, period, ['notice']).map((notice) =>
        rowOf(notice, { group: outcomeOf(notice, caseOf(notice.clear.caseId)) }),
      ),
  },
  hostingNoticesByProvider: ofHosting(
    {
      title: { sv: 'Anmälningar efter leverantör', en: 'Notices, by provider' },
      says: {
        sv: 'Första anmälningar om förmodat olagligt innehåll till leverantörer av värdtjänster och plattformar (förordning (EU) 2022/2065, artikel 16), som lämnades över under perioden och inte har kommit tillbaka, efter leverantör.',
        en: 'First notices of allegedly illegal content to providers of hosting services and platforms (Regulation (EU) 2022/2065, Article 16) that were handed over in the period and have not come back, by provider.',
      },
    },
    ({ sealed }) => providerName(sealed.to.name),
  ),
  hostingNoticesByContent: ofHosting(
    {
      title: { sv: 'Anmälningar efter innehåll', en: 'Notices, by type of content' },
      says: {
        sv: 'Samma anmälningar efter slag av innehåll, som det är klassat nu.',
        en: 'The same notices by type of content, as it is classified now.',
      },
    },
    (_notice, entry) => entry?.clear.classification ?? GONE,
  ),
  hostingNoticesByAction: ofHosting(
    {
      title: { sv: 'Anmälningar efter åtgärd', en: 'Notices, by action taken' },
      says: {
        sv: `Samma anmälningar efter leverantörens åtgärd, så som våra egna tittar såg den. ${outcomeWords().sv}`,
        en: `The same notices by the action of the provider, as our own looks saw it. ${outcomeWords().en}`,
      },
    },
    outcomeOf,
  ),
} as const satisfies Readonly<Record<string, Figure>>

function outcomeWords(): InWords {
  return {
    sv: 'Räknat efter den omgång av ärendet som anmälan gällde. Var det borta redan före anmälan står det för sig; ”inte sett borta” är också det som tittar inte kan avgöra.',
    en: 'By the round of the case that the notice was about. What was gone before the notice stands apart; "not seen to be gone" is also what looks cannot tell.',
  }
}

function sent(
  steps: readonly NoticeFacts['clear']['step'][],
  words: Pick<Figure, 'title' | 'says'>,
): Figure {
  return {
    unit: 'notice',
    measure: 'count',
    ...words,
    rows: ({ notices }, period) => arrived(notices, period, steps).map((notice) => rowOf(notice)),
  }
}

function ofHosting(
  words: Pick<Figure, 'title' | 'says'>,
  groupOf: (notice: NoticeFacts, entry: CaseFacts | undefined) => string,
): Figure {
  return {
    unit: 'notice',
    measure: 'count',
    ...words,
    rows: ({ notices, caseOf }: PeriodFacts, period: Period) =>
      arrived(notices, period, ['notice'])
        .filter(({ clear, sealed }) => isHosting(clear.role) && sealed.to.nature === 'illegal')
        .map((notice) => rowOf(notice, { group: groupOf(notice, caseOf(notice.clear.caseId)) })),
  }
}

/** Registers hold addresses in the place of names: what is one is no name of a provider, and may be a person's. */
function providerName(name: string): string {
  return /[@/]/.test(name) ? 'unknown' : name
}

function isHosting(role: NoticeFacts['clear']['role']): boolean {
  return HOSTING.some((one) => one === role)
}

function arrived(
  notices: readonly NoticeFacts[],
  period: Period,
  steps: readonly NoticeFacts['clear']['step'][],
): readonly NoticeFacts[] {
  return notices.filter(
    ({ clear }) =>
      hasArrived(clear) && isWithin(period, clear.sentAt) && steps.includes(clear.step),
  )
}

function outcomeOf({ clear }: NoticeFacts, entry: CaseFacts | undefined): string {
  const round = entry?.clear.rounds[clear.round]
  if (entry === undefined || round === undefined) return GONE
  if (entry.clear.status === 'retracted' || entry.clear.status === 'not-illegal')
    return 'taken-back'
  const { end, endedAt } = round
  if (end === null || endedAt === null) return 'not-gone'
  return clear.sentAt !== null && endedAt < clear.sentAt ? 'gone-before' : end
}

function rowOf({ id }: NoticeFacts, more: Partial<FigureRow> = {}): FigureRow {
  return { of: 'notice', id, ...more }
}
