import { own } from '../../core/index.ts'
import type { Language } from '../notice.ts'
import type { CallClear, Called, CalledAbout, CallReason } from './duty-types.ts'
import { DESK, DIGEST } from './duty-types.ts'
import { ERRAND_KINDS, type ErrandKind } from '../errands/errand-types.ts'

/** What one mail says: how many calls, and each of them by its reference. */
export interface CallMail {
  readonly to: Called
  readonly calls: readonly CallClear[]
  readonly organisation: string
  /** Where the house answers. */
  readonly contact: string
  readonly timeZone: string
}

/** The sentences of a call in one language. */
interface CallWords {
  readonly locale: string
  readonly kinds: Readonly<Record<CalledAbout['kind'], string>>
  readonly waits: (count: number) => string
  /** What a person is to do, above the references of a kind. */
  readonly errands: Readonly<Record<ErrandKind, string>>
  /** Above those of kinds that a newer version has opened, which is at work beside this one. */
  readonly otherErrands: string
  /** The words of the subject. */
  readonly alarm: (count: number) => string
  readonly holdEnds: (count: number) => string
  readonly dangerToDesk: string
  readonly dangerToOthers: (organisation: string) => string
  readonly callPolice: string
  readonly allHere: (count: number) => string
  readonly telephone: (name: string, ids: string) => string
  readonly heldBack: (timeZone: string) => string
}

const WORDS: Readonly<Record<Language, CallWords>> = {
  sv: {
    locale: 'sv-SE',
    kinds: {
      tip: 'tips',
      'tip-message': 'tips',
      'own-request': 'tips',
      'own-requests': 'dag',
      'skipped-tip': 'tips',
      'skipped-case': 'ärende',
      case: 'ärende',
      notice: 'anmälan',
      undelivered: 'anmälan',
      reply: 'svar på anmälan',
      mailbox: 'brevlåda',
      'police-mail': 'brev',
      'sister-mail': 'brev',
      objection: 'invändning',
      answer: 'invändning',
      export: 'fil',
      dossier: 'underlag',
      key: 'nyckel',
      iccam: 'förbindelse',
    },
    waits: (count) => `Väntar på en person (${count})`,
    errands: {
      undelivered: 'Anmälningar och rättelser som inte har nått någon:',
      notice: 'Anmälningar som en person måste lämna (portal, telefon, formulär eller fil):',
      tip: 'Brev till polisen om tips, som en person måste framföra:',
      'tip-message': 'Tips där den som tipsade har skrivit mer:',
      'own-request': 'Barn som ber oss leta efter bilder på dem själva:',
      'own-requests':
        'Så många har bett om hjälp med egna bilder att resten hålls tillbaka tills någon har tittat på dem (hindra tips own-requests --state held-back):',
      'skipped-tip':
        'Tips som handläggare har hoppat över, så att någon måste se till att de blir gjorda:',
      'skipped-case':
        'Ärenden som handläggare har hoppat över, så att någon måste se till att de blir gjorda:',
      reply: 'Anmälningar som någon har svarat på, så att svaret måste läsas:',
      mailbox: 'I brevlådan ligger brev som inte hör till någon anmälan eller inte kan läsas:',
      'police-mail': 'Brev från polisen där ingen vet vilket ärende de gäller:',
      'sister-mail': 'Brev från andra som skickar tips, som en person måste läsa:',
      objection: 'Invändningar som någon annan än den som först beslutade ska avgöra:',
      answer: 'Svar på invändningar, som en person måste framföra:',
      dossier: 'Underlag till polisen som någon annan än den som föreslog det ska släppa:',
      export: 'Filer som någon måste lämna vidare:',
      key: 'Nycklar hos mottagare som snart går ut eller har gått ut:',
      iccam: 'Förbindelsen till ICCAM fungerar inte:',
    },
    otherErrands: 'Annat, som en server med en nyare version av Hindra visar:',
    alarm: (count) => `LARM: barn kan vara i fara just nu (${count})`,
    holdEnds: (count) => `Polisen har inte svarat, väntetiden går ut (${count})`,
    dangerToDesk: 'Ett barn kan vara i fara just nu. Någon måste titta på det här genast.',
    dangerToOthers: (organisation) =>
      `Ett barn kan vara i fara just nu, enligt en bedömning som en handläggare hos ${organisation} har gjort. Hör av er till oss genast och ange numret nedan. Uppgifterna skickas för sig.`,
    callPolice:
      'Polisen har inte svarat på följande, och tiden då värden måste vänta går snart ut. Ring polisen.',
    allHere: (count) => `Det är ${count} larm i det här brevet. Inget är utelämnat.`,
    telephone: (name, ids) =>
      `Ring ${name} själv: ingen e-postadress är inställd, så därifrån har ingen fått något larm om ${ids}.`,
    heldBack: (timeZone) =>
      `Brevet innehåller med avsikt varken adresser till material eller uppgifter om barnet. Tiderna är i ${timeZone}.`,
  },
  en: {
    locale: 'en-GB',
    kinds: {
      tip: 'tip',
      'tip-message': 'tip',
      'own-request': 'tip',
      'own-requests': 'day',
      'skipped-tip': 'tip',
      'skipped-case': 'case',
      case: 'case',
      notice: 'notice',
      undelivered: 'notice',
      reply: 'reply to notice',
      mailbox: 'mailbox',
      'police-mail': 'mail',
      'sister-mail': 'mails',
      objection: 'objection',
      answer: 'objection',
      export: 'file',
      dossier: 'dossier',
      key: 'key',
      iccam: 'line',
    },
    waits: (count) => `Waits for a person (${count})`,
    errands: {
      undelivered: 'Notices and corrections that reached nobody:',
      notice: 'Notices that a person must deliver (by portal, telephone, form or file):',
      tip: 'Letters to the police about tips that a person must tell:',
      'tip-message': 'Tips whose sender has written more:',
      'own-request': 'Children who ask us to look for pictures of themselves:',
      'own-requests':
        'So many have asked for help with own pictures that the rest is held back until somebody looks (hindra tips own-requests --state held-back):',
      'skipped-tip':
        'Tips that analysts have skipped, so that somebody must see that they are done:',
      'skipped-case':
        'Cases that analysts have skipped, so that somebody must see that they are done:',
      reply: 'Notices that somebody has answered, so that the reply must be read:',
      mailbox: 'The mailbox holds mails that belong to no notice, or cannot be read:',
      'police-mail': 'Mails of the police of which nobody knows the case:',
      'sister-mail': 'Mails of sister hotlines, or in their name, that a person must read:',
      objection: 'Objections, to be decided by somebody else than who decided first:',
      answer: 'Answers to objections that a person must tell:',
      dossier: 'Dossiers for the police, to be released by somebody else than who proposed them:',
      export: 'Files that somebody must carry:',
      key: 'Keys of contacts that end soon or have ended:',
      iccam: 'The line to ICCAM does not go:',
    },
    otherErrands: 'Other things, which a server with a newer version of Hindra shows:',
    alarm: (count) => `ALARM: a child may be in danger now (${count})`,
    holdEnds: (count) => `The police have not answered, a hold ends (${count})`,
    dangerToDesk: 'A child may be in danger now. Somebody must look at this at once.',
    dangerToOthers: (organisation) =>
      `A child may be in danger now, as an analyst of ${organisation} has judged. Please call us at once and name the number below. What is known is sent separately.`,
    callPolice:
      'The police have not answered about the following, and the time for which the host must wait ends soon. Call the police.',
    allHere: (count) => `There are ${count} calls in this mail. None is left out.`,
    telephone: (name, ids) =>
      `Telephone ${name} yourself: no mail address is set, so nobody there was called about ${ids}.`,
    heldBack: (timeZone) =>
      `On purpose this mail holds no address of any material and nothing about the child. Times are in ${timeZone}.`,
  },
}

/**
 * The words of a call. It holds no address of any material and nothing about a child: mail gateways fetch
 * what they find, and a telephone shows what it gets. It brings a person to the command or the console.
 */
export function callText({ to, calls, organisation, contact, timeZone }: CallMail): {
  readonly subject: string
  readonly body: string
} {
  const words = WORDS[to.language]
  const danger = of(calls, 'in-danger')
  const holds = of(calls, 'hold-ends')
  const waits = [...of(calls, 'waits-urgently'), ...of(calls, 'waits')]
  const isDesk = to.name === DESK
  const clock = new Intl.DateTimeFormat(words.locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone,
  })
  const list = (some: readonly CallClear[]) =>
    lines(
      some.map(
        ({ about, at }) =>
          `- ${own(words.kinds, about.kind) ?? about.kind} ${about.id}, ${clock.format(Date.parse(at))}`,
      ),
    )
  const subject =
    danger.length > 0
      ? words.alarm(danger.length)
      : holds.length > 0
        ? words.holdEnds(holds.length)
        : words.waits(waits.length)
  const errands = ERRAND_KINDS.flatMap((kind) => {
    const some = waits.filter(({ about }) => about.kind === kind)
    return some.length === 0 ? [] : [words.errands[kind], list(some)]
  })
  const others = waits.filter(({ about }) => !Object.hasOwn(words.errands, about.kind))
  const alarm = isDesk ? words.dangerToDesk : words.dangerToOthers(organisation)
  return {
    subject: `${subject}, ${organisation}`,
    body: paragraphs([
      ...(danger.length === 0 ? [] : [alarm, list(danger)]),
      ...(holds.length === 0 ? [] : [words.callPolice, list(holds)]),
      ...errands,
      ...(others.length === 0 ? [] : [words.otherErrands, list(others)]),
      ...(calls.length > 1 && waits.length === 0 ? [words.allHere(calls.length)] : []),
      ...(isDesk ? [lines(commands(calls)), ...byHand(calls, words)] : []),
      ...(to.name === DIGEST ? ['    hindra waiting'] : []),
      words.heldBack(timeZone),
      lines([organisation, contact]),
    ]),
  }
}

/** Whom the desk must telephone, and about what. */
function byHand(calls: readonly CallClear[], words: CallWords): readonly string[] {
  const idsOf = new Map<string, string[]>()
  for (const { telephone, about } of calls) {
    for (const name of telephone) idsOf.set(name, [...(idsOf.get(name) ?? []), about.id])
  }
  return [...idsOf].map(([name, ids]) => words.telephone(name, ids.join(', ')))
}

function of(calls: readonly CallClear[], reason: CallReason): readonly CallClear[] {
  return calls.filter((call) => call.reason === reason)
}

const COMMANDS: Partial<Readonly<Record<CalledAbout['kind'], string>>> = {
  tip: 'hindra tips show',
  case: 'hindra cases show',
  notice: 'hindra notices show',
}

/** How the first of each kind is looked at. */
function commands(calls: readonly CallClear[]): readonly string[] {
  const first = new Map<CalledAbout['kind'], string>()
  for (const { about } of calls) if (!first.has(about.kind)) first.set(about.kind, about.id)
  return [...first].map(([kind, id]) => `    ${COMMANDS[kind] ?? 'hindra waiting'} ${id}`)
}

function lines(all: readonly string[]): string {
  return all.join('\n')
}

function paragraphs(all: readonly string[]): string {
  return `${all.join('\n\n')}\n`
}
