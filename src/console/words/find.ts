import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'Find',
  nothing: 'Nothing was found.',
  ask: 'Write into the search field above what you were told: a URL (also hxxps and [.]), a host, a reference, a ticket number, an e-mail address, or the beginning of an id.',
  kinds: { case: 'case', notice: 'notice', tip: 'tip', item: 'item', objection: 'objection' },
  told: 'Told',
  toldTo: (step: string, who: string) => `${step}, to ${who}`,
  answered: 'answered',
  came: 'What came of it',
  next: 'Next',
  look: 'a look',
  decideBy: 'decided by',
  overdue: 'which is over',
  cutOff: 'Too much has such a word: some may be left out. More words find it.',
  takingIn: 'Older records are still being taken in: some may be left out.',
  more: 'There is more: more words find it.',
} as const

const sv: Same<typeof en> = {
  title: 'Sök',
  nothing: 'Ingenting hittades.',
  ask: 'Skriv det du fick höra i sökfältet ovanför: en URL (också med hxxps och [.]), en värd, en referens, ett ärendenummer, en e-postadress eller början av ett id.',
  kinds: {
    case: 'ärende',
    notice: 'underrättelse',
    tip: 'tips',
    item: 'känt material',
    objection: 'invändning',
  },
  told: 'Underrättat',
  toldTo: (step, who) => `${step}, till ${who}`,
  answered: 'besvarat',
  came: 'Vad som hände',
  next: 'Härnäst',
  look: 'en kontroll',
  decideBy: 'avgörs senast',
  overdue: 'tiden har gått ut',
  cutOff: 'För mycket har ett sådant ord: något kan saknas. Fler ord hittar det.',
  takingIn: 'Äldre uppgifter läses fortfarande in: något kan saknas.',
  more: 'Det finns mer: fler ord hittar det.',
}

/** Finding. */
export const find: InBoth<typeof en> = { en, sv }
