import type { SaidRefusals } from './said.ts'
import { caseState, tipState } from './states.ts'

/** What a case, a tip or an act upon many does not allow. */
export const cases = {
  'case-not-looked-at': ({ status }) =>
    `Ärendet kontrolleras inte i det läge det är i (${caseState(status)}).`,
  'case-not-asked-after': ({ status }) =>
    `Ingen behöver svara på det här: ärendets läge är ${caseState(status)}.`,
  'case-seen-there': () =>
    'Det fanns kvar vid den senaste kontrollen. När det inte längre syns säger kontrollerna det.',
  'case-transition': ({ from, to }) =>
    `Ett ärende går inte från ${caseState(from)} till ${caseState(to)}.`,
  'case-not-pending': () => 'Ärendet väntar inte på något beslut.',
  'case-closed': () => 'Ärendet är redan avslutat.',
  'case-over': ({ status }) => `Det finns inget kvar att göra i ärendet (${caseState(status)}).`,
  'case-of-url': ({ id }) => `Det finns redan ett bedömt ärende för URL:en: ${id}.`,
  'ignored-opens-no-case': () => 'Det som inte är något för oss blir inget ärende.',
  'reason-of-assessment': () => 'En bedömning måste ha en motivering.',
  'reason-of-decision': () => 'Ett beslut i ett ärende måste ha en motivering.',
  'reason-of-contact': () => 'Ett beslut måste ha en motivering.',
  'note-empty': () => 'En anteckning kan inte vara tom.',
  'country-code': () => 'Ett land anges med två stora bokstäver (ISO 3166-1), till exempel SE.',
  'municipality-code': () => 'En kommunkod har fyra siffror.',
  'municipality-unknown': () =>
    'Ingen kommun har den koden eller det namnet. En kommunkod har fyra siffror; 0180 är Stockholm.',
  'assessment-not-yours': () =>
    'Bara den som gjorde bedömningen kan ta tillbaka den, och bara innan någon annan har bedömt samma sak.',
  'undo-nothing': () => 'Ärendet bygger inte på något som en person har gjort och som kan ångras.',
  'undo-colleague': () => 'Det var en annan person: bara den kan ta tillbaka det.',
  'undo-left': () => 'Ett brev är på väg eller har kommit fram till mottagaren.',
  'undo-called': () => 'Ett barn är i fara: den som har jour har larmats.',
  'undo-iccam': () => 'ICCAM har fått veta vad verksamheten säger om det.',
  'undo-built-on': () => 'En annan person har släppt i väg en underrättelse som bygger på det.',
  'tip-over': ({ status }) => `Tipset är redan klart (${tipState(status)}).`,
  'tip-not-looked-at': ({ status }) =>
    `Ett tips som är klart (${tipState(status)}) går inte att titta på.`,
  'tip-without-url': () => 'Tipset har ingen URL att titta på.',
  'tip-tells-more': () =>
    'Ett tips om den här URL:en säger mer om barnet. Läs det först, och bedöm från tipset.',
  'tip-not-dismissed': ({ status }) => `Tipset har inte skrivits av (${tipState(status)}).`,
  'tip-has-url': () => 'Tipset har en URL: bedöm det som finns där.',
  'tip-wordless': () => 'Tipset säger ingenting med ord.',
  'tip-letter-none': () => 'Inget brev om det här tipset väntar på att lämnas för hand.',
  'second-waits': () =>
    'En bedömning av den här URL:en väntar på en annan person. Är inget olagligt där: bedöm den som Ingetdera.',
  'second-none': () => 'Ingenting med det id:t väntar på en annan person.',
  'receipt-none': () => 'Tipset kom utan kvitto: ingen kan läsa ett svar.',
  'receipt-full': () => 'Kvittot rymmer inte mer.',
  'own-request-none': () => 'Inget barn ber för egen del med det här tipset.',
  'own-request-over': () => 'Barnets begäran är redan behandlad.',
  'own-request-harmless': () => 'De här hashvärdena skulle hitta oskyldiga bilder.',
  'own-request-person': () => 'Bara en person kan godta det ett barn ber om.',
  assigned: ({ holder, kind, until }) =>
    `${holder} arbetar med ${kind === 'tip' ? 'tipset' : 'ärendet'} till ${until}.`,
  'assigned-enough': ({ who, most }) =>
    `${who} arbetar redan med ${most}, som är det mesta: lägg tillbaka några först.`,
  'not-taken': () => 'Det är inte du som har tagit det.',
  'no-role-for-work': ({ who, kind }) =>
    `${who} har ingen roll som arbetar med ${kind === 'tip' ? 'tips' : 'ärenden'}.`,
  'yours-already': () => 'Du har det redan.',
  'not-offered': () => 'Det har inte erbjudits dig.',
  'batch-large': ({ max }) =>
    `Det är fler än ${max}, som är det mesta på en gång: begränsa urvalet.`,
  'batch-count': ({ count }) => `Ange antalet som visades vid provet: det är ${count} nu.`,
  'batch-changed': ({ count, was }) => `Nu är det ${count}, inte ${was}: se på dem igen.`,
  'ground-unseen': ({ some, all, ids }) =>
    `Hindra har inte sett vad ${some} av ${all} bygger på: ${ids}`,
  'ground-differs': ({ some, all, ids }) =>
    `${some} av ${all} bygger på något annat än de övriga: ${ids}`,
  'ground-gone': () => 'Det som sågs där finns inte kvar: låt Hindra titta igen.',
  'ground-changed': ({ id }) => `${id} bygger på något annat nu.`,
  'page-choice': ({ count }) =>
    `URL:en är en sida med ${count} bilder eller filmer som går att läsa.`,
  'page-without-media': () => 'Sidan visar inga bilder eller filmer som går att läsa.',
} as const satisfies SaidRefusals
