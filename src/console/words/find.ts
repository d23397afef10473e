import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'Find',
  nothing: 'Nothing was found.',
  ask: 'Write what you were told: a URL (also hxxps and [.]), a host, a reference, a ticket number, an e-mail address, or the beginning of an id.',
  kinds: { case: 'case', notice: 'notice', tip: 'tip', item: 'item', objection: 'objection' },
} as const

const sv: Same<typeof en> = {
  title: 'Sök',
  nothing: 'Ingenting hittades.',
  ask: 'Skriv det du fick höra: en URL (också med hxxps och [.]), en värd, en referens, ett ärendenummer, en e-postadress eller början av ett id.',
  kinds: {
    case: 'ärende',
    notice: 'underrättelse',
    tip: 'tips',
    item: 'känt material',
    objection: 'invändning',
  },
}

/** Finding. */
export const find: InBoth<typeof en> = { en, sv }
