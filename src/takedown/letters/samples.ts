import { COPY } from '../../match/index.ts'
import { LANGUAGES, type Language } from '../notice.ts'
import type {
  AnsweredObjection,
  EarlierLetter,
  LetterFacts,
  LineFacts,
  WordsFacts,
} from './facts.ts'
import { allKinds, type LetterKind, type LetterRole, type LetterStep } from './kinds.ts'

/** Every letter that there is in every language, of things that never happened. */
export function sampleLetters(): readonly LetterFacts[] {
  return LANGUAGES.flatMap((language) => allKinds().map((kind) => sampleLetter(kind, language)))
}

/** What is cited of a house whose law nobody has confirmed, as all is shipped. */
export const UNCONFIRMED = { laws: [], digitalServicesAct: null } as const

const RUNGS = {
  'site-owner': 'site-owner',
  registrar: 'registrar',
  upstream: 'upstream',
  regulator: 'regulator',
} as const
const RUNG_OF: Readonly<Record<LetterStep, LetterFacts['rung']>> = {
  first: 'notice',
  'came-back': 'notice',
  escalation: 'regulator',
  reminder: 'reminder',
  correction: 'correction',
  gone: 'removed',
  answer: 'answer',
  confirmation: 'confirmation',
  upheld: 'answer',
  rejected: 'answer',
}
/** Whom a trusted flagger's notices are decided by with priority (DSA Article 22). */
const FLAGGED: LetterRole = 'platform'
/** Who is told of Sweden and of police matters. */
const AUTHORITIES: readonly LetterRole[] = ['police', 'social-services']
const PROVIDERS: readonly LetterRole[] = ['host', 'proxy', 'platform']

/** A letter with every fact that its kind may have, all of the documentation's names and addresses. */
export function sampleLetter(kind: LetterKind, language: Language): LetterFacts {
  const { role, matter, step } = kind
  const isFirst = step === 'first' || step === 'escalation'
  const earlier: EarlierLetter = {
    reference: '4F2A91-C30B7D',
    sentAt: '2026-11-24T08:30:00.000Z',
    channel: 'mail',
    answers: [
      { at: '2026-11-24T08:31:00.000Z', kind: 'receipt', subject: 'Re: [T-20411]' },
      { at: '2026-11-24T14:02:00.000Z', kind: 'answer', subject: null },
    ],
  }
  const isAuthority = AUTHORITIES.includes(role)
  const isProvider = PROVIDERS.includes(role)
  const line = lineOf(kind, isFirst ? null : earlier)
  const second: LineFacts = {
    ...line,
    noticeId: '01941f29-7c00-7a63-8f4e-7c007a638f5b',
    reference: '7C007A-638F5B',
    caseId: '01941f29-7c00-7a63-8f4e-00000000c002',
    url: 'https://site.example/2.jpg',
    pageUrl: null,
    classification: matter === 'harmful' ? 'Harmful' : 'Baseline',
    basis: 'assessment',
    shown: null,
  }
  const single = matter === 'account' || role === 'social-services' || step === 'answer'
  return {
    ...kind,
    rung:
      step === 'escalation' && role in RUNGS ? RUNGS[role as keyof typeof RUNGS] : RUNG_OF[step],
    language,
    timeZone: 'Europe/Stockholm',
    reference: '7C007A-638F4E',
    composedAt: '2026-11-25T09:12:44.318Z',
    recipient: RECIPIENTS[role],
    organisation: 'Exempelhotline',
    contact: 'notices@hotline.example',
    telephone: '+46 8 000 00 00',
    dutyHours: language === 'sv' ? 'dygnet runt' : 'day and night',
    home: 'SE',
    byForm: false,
    urlForm: isProvider || role === 'hotline' ? 'plain' : 'defanged',
    // XARF has no word for anything but media that is a crime.
    attached: isProvider ? (matter === 'media' ? ['ARF', 'XARF'] : ['ARF']) : [],
    pictures: 'none',
    ownRequest: false,
    childInDanger: false,
    unlawfulThere: true,
    laws:
      matter === 'harmful' || isAuthority || role === 'objector'
        ? []
        : [
            language === 'sv'
              ? '16 kap. 10 a § brottsbalken (barnpornografibrott)'
              : 'chapter 16, section 10 a of the Swedish Criminal Code',
          ],
    digitalServicesAct:
      matter === 'harmful'
        ? null
        : language === 'sv'
          ? 'förordning (EU) 2022/2065'
          : 'Regulation (EU) 2022/2065',
    trustedFlagger:
      role === FLAGGED
        ? {
            by: 'Post- och telestyrelsen',
            since: '2026-03-02',
            area:
              language === 'sv'
                ? 'sexuella övergrepp mot barn på nätet'
                : 'sexual abuse of children online',
            link: 'https://regulator.example/trusted-flaggers',
          }
        : null,
    actBy: ['first', 'reminder', 'came-back', 'escalation'].includes(step)
      ? '2026-11-26T09:12:44.318Z'
      : null,
    nextLookBy:
      step === 'correction' || step === 'answer' || matter === 'words' || role === 'objector'
        ? null
        : '2026-11-25T13:12:44.318Z',
    next:
      isProvider && ['first', 'reminder', 'came-back'].includes(step)
        ? {
            step: step !== 'reminder' ? 'reminder' : matter === 'media' ? 'registrar' : 'regulator',
            at: step === 'reminder' ? '2026-11-28T08:30:00.000Z' : '2026-11-26T09:12:44.318Z',
          }
        : null,
    hold:
      step === 'confirmation' ||
      (role === 'police' && matter === 'media' && (step === 'first' || step === 'came-back'))
        ? {
            hostToldAt: '2026-11-28T09:12:44.318Z',
            timeZone: 'Europe/Stockholm',
            replyWord: 'K7QM-4T9X-P2WD',
          }
        : null,
    policeAgreedAt: role === 'site-owner' ? '2026-11-25T08:00:00.000Z' : null,
    policeToldAt: role === 'social-services' ? '2026-11-25T09:10:00.000Z' : null,
    policeReference: role === 'social-services' ? '5000-K1234567-26' : null,
    municipality: role === 'social-services' || matter === 'words' ? 'Exempelby' : null,
    takenBack: step === 'correction' ? 'not-the-same' : null,
    othersTold: step === 'correction' ? 2 : 0,
    answer: step === 'answer' ? ANSWERS[language] : null,
    table:
      role === 'regulator'
        ? [
            {
              provider: 'Example Hosting',
              country: 'NL',
              count: 2,
              firstToldAt: '2026-11-11T08:30:00.000Z',
              lastRemindedAt: '2026-11-12T08:30:00.000Z',
              answers: 0,
              hoursOpen: 336,
            },
          ]
        : [],
    tip: matter === 'words' ? TOLD[language] : null,
    objection: role === 'objector' ? OBJECTED[language] : null,
    notices: matter === 'words' || role === 'objector' ? [] : single ? [line] : [line, second],
  }
}

const ANSWERS: Readonly<Record<Language, string>> = {
  sv: 'Adressen gäller fortfarande. Bilden ligger under rubriken Galleri på den sida som vi angav.',
  en: 'The address still holds. The picture is below the heading Gallery on the page that we named.',
}

const WORDS = {
  receivedAt: '2026-11-25T08:40:00.000Z',
  source: 'public',
  category: 'grooming',
  seenIn: 'app',
  country: 'SE',
  earlierAt: '2026-11-24T08:30:00.000Z',
} as const
const TOLD: Readonly<Record<Language, WordsFacts>> = {
  sv: {
    ...WORDS,
    lines: ['En vuxen skriver till barn i appen Exempel.', '', 'Namnet är Exempel 1.'],
  },
  en: {
    ...WORDS,
    lines: ['An adult writes to children in the app Example.', '', 'The name is Example 1.'],
  },
}

const OBJECTION = {
  receivedAt: '2026-11-25T08:40:00.000Z',
  by: 'uploader',
  noticeReference: '4F2A91-C30B7D',
  noticeSentAt: '2026-11-24T08:30:00.000Z',
  wasTold: true,
} as const
const OBJECTED: Readonly<Record<Language, AnsweredObjection>> = {
  sv: { ...OBJECTION, reasons: ['Vi har gått igenom vad anmälan vilar på och det som ni skrev.'] },
  en: {
    ...OBJECTION,
    reasons: ['We have gone through what the notice rests on and what you wrote.'],
  },
}

const RECIPIENTS: Readonly<Record<LetterRole, string>> = {
  police: 'Polismyndigheten',
  host: 'Example Hosting',
  proxy: 'Example Proxy',
  platform: 'Example Social',
  hotline: 'Example Hotline',
  'social-services': 'Socialtjänsten',
  'site-owner': 'site.example',
  registrar: 'Example Registrar',
  upstream: 'Example Carrier',
  regulator: 'Post- och telestyrelsen',
  objector: 'Example Site',
}

function lineOf({ role, matter, step }: LetterKind, first: EarlierLetter | null): LineFacts {
  const isAuthority = AUTHORITIES.includes(role)
  const isAccount = matter === 'account'
  const hosting = isAccount ? RECIPIENTS.platform : RECIPIENTS.host
  const host = PROVIDERS.includes(role) ? RECIPIENTS[role] : hosting
  const later = !['host', 'proxy', 'platform', 'hotline', ...AUTHORITIES].includes(role)
  return {
    noticeId: '01941f29-7c00-7a63-8f4e-7c007a638f4e',
    reference: '7C007A-638F4E',
    caseId: '01941f29-7c00-7a63-8f4e-00000000c001',
    step: RUNG_OF[step],
    url: isAccount ? 'https://social.example/u/4711' : 'https://site.example/1.jpg',
    pageUrl: isAccount ? null : 'https://site.example/page',
    addresses: isAccount ? [] : ['192.0.2.7'],
    host,
    country: 'SE',
    firstSeenAt: '2026-11-24T07:45:00.000Z',
    lastSeenAt: '2026-11-25T09:05:00.000Z',
    classification: matter === 'harmful' ? 'Harmful' : 'Baseline',
    basis: isAccount ? 'assessment' : 'known-material',
    shown: isAccount ? null : COPY,
    judgedBy: isAccount ? 'person' : 'comparison',
    account: isAccount,
    reminds: null,
    correction: step === 'correction' ? 'not-the-same' : null,
    lookedUpAt: '2026-11-25T09:06:00.000Z',
    asn: 64_500,
    network: isAccount ? null : '192.0.2.0/24',
    domain: 'site.example',
    profileId: isAccount ? '4711' : null,
    profileName: isAccount ? 'example.user' : null,
    mediaKnown: !isAccount,
    samePictures: false,
    childAtHome: isAuthority,
    offenderAtHome: isAuthority,
    hostAtHome: isAuthority,
    hostTold: isAuthority
      ? {
          name: host,
          when: isAccount ? 'now' : 'waits',
          at: isAccount ? null : '2026-11-28T09:12:44.318Z',
        }
      : null,
    first,
    hostToldAt: null,
    hostInformedAt: later ? '2026-11-21T08:30:00.000Z' : null,
    hostRemindedAt: later ? '2026-11-22T08:30:00.000Z' : null,
    seenAgainAt: step === 'reminder' || step === 'came-back' ? '2026-11-25T09:05:00.000Z' : null,
    seenAgainHow: step === 'reminder' || step === 'came-back' ? 'look' : null,
    holdNow:
      step === 'confirmation'
        ? {
            state: 'waits',
            until: '2026-11-28T09:12:44.318Z',
            asked: null,
            askedUntil: null,
            theirNumber: '5000-K1234567-26',
          }
        : null,
    goneSince: step === 'gone' || step === 'came-back' ? '2026-11-24T20:00:00.000Z' : null,
  }
}
