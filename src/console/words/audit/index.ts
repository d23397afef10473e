import type { AuditProblemKind } from '../../../audit/index.ts'
import { actions } from './actions.ts'
import { details } from './details.ts'
import type { InBoth, Same } from '../in-both.ts'

const en = {
  title: 'Audit',
  intro: 'Who did what, to what, and when; the newest first. Each search is itself in it.',
  by: 'Who',
  byHint: 'Pseudonym',
  action: 'What',
  actionHint: 'For example case, or item.verify',
  subject: 'To what',
  subjectHint: 'Id, or how it begins',
  since: 'From',
  until: 'To',
  show: 'Show',
  when: 'When',
  beside: 'Beside',
  system: 'Hindra itself',
  nobody: 'somebody who was not let in',
  operator: 'whoever runs the server',
  looked: (count: string) => `${count} entries were looked at.`,
  goesOn: 'Look further back',
  erased:
    'What is older was erased, as the house lays down. That it was there can still be proved.',
  chain: 'Is it whole?',
  chainIntro:
    'Each entry is bound to all before it. A check reads all of it, which can take a minute, and changes nothing.',
  verify: 'Check the whole audit',
  export: 'Take all of it along',
  exportIntro:
    'A file with every entry and what proves it, for hindra audit verify --file on another machine. It holds ids, no hashes of material and no URLs.',
  exportGo: 'Download',
  verified: 'The audit was checked',
  intact: 'Nothing was changed, is missing or was cut off.',
  broken: 'The audit is not what was written.',
  brokenRemedy: 'Leave all as it is, tell whoever runs the server, and compare with a backup.',
  entries: 'Entries read',
  erasedCount: 'Of them erased, as laid down',
  pending: 'Too new to be bound yet',
  sealed: 'Bound up to',
  problem: 'What is wrong',
  number: 'Entry',
  more: (count: number) => `and ${count} more`,
  back: 'Back to the audit',
  problems: {
    changed: 'says something else than when it was written',
    missing: 'is missing',
    reordered: 'stands in another place',
    inserted: 'was put in later',
    truncated: 'the end was cut off',
    rewritten: 'the audit is another one than a witness saw',
  } satisfies Readonly<Record<AuditProblemKind, string>>,
} as const

const sv: Same<typeof en> = {
  title: 'Logg',
  intro:
    'Vem som gjorde vad, med vad, och när; det senaste först. Varje sökning hamnar själv i loggen.',
  by: 'Vem',
  byHint: 'Pseudonym',
  action: 'Vad',
  actionHint: 'Till exempel case, eller item.verify',
  subject: 'Med vad',
  subjectHint: 'Id, eller hur det börjar',
  since: 'Från',
  until: 'Till',
  show: 'Visa',
  when: 'När',
  beside: 'Dessutom',
  system: 'Hindra självt',
  nobody: 'någon som inte släpptes in',
  operator: 'den som driver servern',
  looked: (count) => `${count} poster gicks igenom.`,
  goesOn: 'Leta längre bak',
  erased:
    'Det som är äldre har gallrats enligt reglerna. Att det har funnits går fortfarande att visa.',
  chain: 'Är loggen hel?',
  chainIntro:
    'Varje post är bunden till alla före den. Kontrollen läser allt, kan ta en minut och ändrar ingenting.',
  verify: 'Kontrollera hela loggen',
  export: 'Ta med hela loggen',
  exportIntro:
    'En fil med varje post och det som bevisar den, för hindra audit verify --file på en annan maskin. Där finns id:n, inga hashar av material och inga URL:er.',
  exportGo: 'Ladda ner',
  verified: 'Loggen har kontrollerats',
  intact: 'Ingenting har ändrats, saknas eller har klippts bort.',
  broken: 'Loggen är inte den som skrevs.',
  brokenRemedy: 'Låt allt vara, kontakta driftansvarig och jämför med en säkerhetskopia.',
  entries: 'Lästa poster',
  erasedCount: 'Varav gallrade enligt reglerna',
  pending: 'För nya för att vara bundna än',
  sealed: 'Bunden till och med',
  problem: 'Vad som är fel',
  number: 'Post',
  more: (count) => `och ${count} till`,
  back: 'Till loggen',
  problems: {
    changed: 'säger något annat än när den skrevs',
    missing: 'saknas',
    reordered: 'står på en annan plats',
    inserted: 'har lagts in efteråt',
    truncated: 'slutet har klippts bort',
    rewritten: 'loggen är en annan än den ett vittne såg',
  },
}

type Named = Readonly<Record<string, string>>

/** The audit, and the proof that nothing of it was changed. */
export const audit: InBoth<typeof en & { readonly actions: Named; readonly details: Named }> = {
  en: { ...en, actions: actions.en, details: details.en },
  sv: { ...sv, actions: actions.sv, details: details.sv },
}
