import { own } from '../core/index.ts'
import { type Sentence, type Sentences, worded } from '../errors.ts'

/** Facts that are missing most often, and how they are completed. */
const WANTED: Readonly<Record<string, string>> = {
  policeAgreedAt:
    'the police have not agreed yet that the owner of the site is told (notices release ID)',
  municipality:
    "the child's municipality is not known (cases circumstances ID --municipality CODE)",
  confidence:
    'it is to be encrypted and cannot be, since a certificate or key is missing or has expired (takedown.confidence); ' +
    'it does not leave readable: tell them by hand',
  xarf:
    'a report in XARF tells of known or newly assessed Baseline material alone, and this is none: tell them by mail ' +
    '(notices retry ID --mail ADDRESS) or by hand',
  takenBack: 'why it is taken back is not known',
  first: 'the letter that it comes back to never went out',
}

interface Answered {
  /** What the other side said, or what our own line did. */
  readonly words: string
}

/** Why a letter did not arrive, or does not leave, by code. */
export const NOTICE_FAULTS = {
  'way-out-away': ({ words }: Answered) => words,
  'letter-deferred': ({ words }: Answered) => words,
  'letter-refused': ({ words }: Answered) => words,
  'letter-unanswered': ({ words }: Answered) => words,
  'came-back': ({ words }: Answered) => words,
  /** Facts by their names, with a comma between them. */
  'facts-missing': ({ facts }: { readonly facts: string }) =>
    `its letter waits: ${facts.split(',').map(inWords).join('; ')}`,
  'gone-before': () => 'not there before sending',
  'host-not-found': ({ code, words }: Answered & { readonly code: string }) => `${code}: ${words}`,
  'enough-today': () => 'enough mails to them today (takedown.mailsPerRecipientDay)',
  'police-elsewhere': () => 'the police are reached elsewhere now',
  'told-others': () => 'somebody else is to be told',
  'address-approved': () => 'an address was approved',
  'contact-refused': () => 'a person refused this contact',
  'letter-came-back': () => 'it came back',
  'no-mail-there': () => 'takedown.confidence says since that no mail goes there',
  'key-over': () => 'the key of the address (takedown.confidence) can be used no more',
} as const satisfies Sentences

export type NoticeFault = Sentence<typeof NOTICE_FAULTS>

export function faultText(fault: NoticeFault): string {
  return worded(NOTICE_FAULTS, fault)
}

/** What a sealed record keeps of it: null takes away what stood there, and undefined leaves it. */
export function keptFault(
  fault: NoticeFault | null | undefined,
): Partial<{ readonly lastError: string | null; readonly fault: NoticeFault | null }> {
  if (fault === undefined) return {}
  return { lastError: fault === null ? null : faultText(fault), fault }
}

function inWords(fact: string): string {
  return own(WANTED, fact.replace(/^notices\./, '')) ?? `${fact} is not known`
}
