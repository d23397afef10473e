import type { Errand, Language } from '../../takedown/index.ts'

type Ends = Readonly<Record<Errand['kind'], string | null>>

const en: Ends = {
  iccam: 'once the line goes again: hindra iccam status',
  key: 'with a new key in takedown.confidence: hindra route keys',
  'police-mail': 'under Mails, or hindra notices police-mails --seen ID',
  tip: 'on the page of the tip, or hindra tips told ID',
  'tip-message':
    'on the page of the tip, or hindra tips answer ID, or heard ID where there is nothing to say',
  'own-request': 'on the page of the tip, or hindra tips accept-own ID or decline-own ID',
  'own-requests': null,
  'skipped-tip': 'by whoever settles it, or hindra tips hand-over ID WHO --at-once',
  'skipped-case': 'by whoever settles it, or hindra cases hand-over ID WHO --at-once',
  undelivered: 'on the page of the notice, or hindra notices retry ID, told ID or set-aside ID',
  notice: 'on the page of the notice, or hindra notices told ID',
  reply: null,
  'sister-mail': 'with the last: under Mails, or hindra sister-mails accept ID or dismiss ID',
  objection: 'on the page of the objection, or hindra objections decide ID or withdraw ID',
  answer: 'on the page of the objection, or hindra objections told ID',
  dossier: 'on the page of the dossier, or hindra dossiers release ID or withdraw ID',
  export: null,
  mailbox: null,
}

const sv: Ends = {
  iccam: 'när förbindelsen fungerar igen: hindra iccam status',
  key: 'med en ny nyckel i takedown.confidence: hindra route keys',
  'police-mail': 'under Mejl, eller hindra notices police-mails --seen ID',
  tip: 'på tipsets sida, eller hindra tips told ID',
  'tip-message':
    'på tipsets sida, eller hindra tips answer ID, eller heard ID om det inte finns något att säga',
  'own-request': 'på tipsets sida, eller hindra tips accept-own ID eller decline-own ID',
  'own-requests': null,
  'skipped-tip': 'av den som avgör det, eller hindra tips hand-over ID VEM --at-once',
  'skipped-case': 'av den som avgör det, eller hindra cases hand-over ID VEM --at-once',
  undelivered: 'på underrättelsens sida, eller hindra notices retry ID, told ID eller set-aside ID',
  notice: 'på underrättelsens sida, eller hindra notices told ID',
  reply: null,
  'sister-mail': 'med det sista: under Mejl, eller hindra sister-mails accept ID eller dismiss ID',
  objection: 'på invändningens sida, eller hindra objections decide ID eller withdraw ID',
  answer: 'på invändningens sida, eller hindra objections told ID',
  dossier: 'på underlagets sida, eller hindra dossiers release ID eller withdraw ID',
  export: null,
  mailbox: null,
}

/** What ends what waits for a person; null where a person says in the row that it is done. */
export const errandEnds: Readonly<Record<Language, Ends>> = { en, sv }
