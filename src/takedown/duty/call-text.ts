import type { CallClear, Called, CalledAbout, CallReason } from './duty-types.ts'
import { DESK } from './duty-types.ts'

/** What one mail says: how many calls, and each of them by its reference. */
export interface CallMail {
  readonly to: Called
  readonly calls: readonly CallClear[]
  readonly organisation: string
  /** Where the house answers. */
  readonly contact: string
  readonly timeZone: string
}

/**
 * The words of a call. It holds no address of any material and nothing about a child: mail gateways fetch
 * what they find, and a telephone shows what it gets. It brings a person to the command or the console.
 */
export function callText(mail: CallMail): { readonly subject: string; readonly body: string } {
  return mail.to.language === 'sv' ? swedish(mail) : english(mail)
}

const SV: Readonly<Record<CalledAbout['kind'], string>> = {
  tip: 'tips',
  case: 'ärende',
  notice: 'anmälan',
}

function swedish({ to, calls, organisation, contact, timeZone }: CallMail) {
  const count = calls.length
  const danger = of(calls, 'in-danger')
  const holds = of(calls, 'hold-ends')
  const isDesk = to.name === DESK
  const subject =
    danger.length > 0
      ? `LARM: barn kan vara i fara just nu (${danger.length})`
      : `Polisen har inte svarat, väntetiden går ut (${holds.length})`
  const line = ({ about, at }: CallClear) =>
    `- ${SV[about.kind]} ${about.id}, ${localTime(at, 'sv-SE', timeZone)}`
  return {
    subject: `${subject}, ${organisation}`,
    body: paragraphs([
      ...(danger.length === 0
        ? []
        : [
            isDesk
              ? 'Ett barn kan vara i fara just nu. Någon måste titta på det här genast.'
              : `Ett barn kan vara i fara just nu, enligt en bedömning som en handläggare hos ${organisation} har gjort. Hör av er till oss genast och ange numret nedan. Uppgifterna skickas för sig.`,
            lines(danger.map(line)),
          ]),
      ...(holds.length === 0
        ? []
        : [
            'Polisen har inte svarat på följande, och tiden då värden måste vänta går snart ut. Ring polisen.',
            lines(holds.map(line)),
          ]),
      ...(count > 1 ? [`Det är ${count} larm i det här brevet. Inget är utelämnat.`] : []),
      ...(isDesk ? [lines(commands(calls)), ...swedishByHand(calls)] : []),
      `Brevet innehåller med avsikt varken adresser till material eller uppgifter om barnet. Tiderna är i ${timeZone}.`,
      lines([organisation, contact]),
    ]),
  }
}

function swedishByHand(calls: readonly CallClear[]): readonly string[] {
  return telephoned(calls).map(
    ([name, ids]) =>
      `Ring ${name} själv: ingen e-postadress är inställd, så därifrån har ingen fått något larm om ${ids.join(', ')}.`,
  )
}

function english({ to, calls, organisation, contact, timeZone }: CallMail) {
  const count = calls.length
  const danger = of(calls, 'in-danger')
  const holds = of(calls, 'hold-ends')
  const isDesk = to.name === DESK
  const subject =
    danger.length > 0
      ? `ALARM: a child may be in danger now (${danger.length})`
      : `The police have not answered, a hold ends (${holds.length})`
  const line = ({ about, at }: CallClear) =>
    `- ${about.kind} ${about.id}, ${localTime(at, 'en-GB', timeZone)}`
  return {
    subject: `${subject}, ${organisation}`,
    body: paragraphs([
      ...(danger.length === 0
        ? []
        : [
            isDesk
              ? 'A child may be in danger now. Somebody must look at this at once.'
              : `A child may be in danger now, as an analyst of ${organisation} has judged. Please call us at once and name the number below. What is known is sent separately.`,
            lines(danger.map(line)),
          ]),
      ...(holds.length === 0
        ? []
        : [
            'The police have not answered about the following, and the time for which the host must wait ends soon. Call the police.',
            lines(holds.map(line)),
          ]),
      ...(count > 1 ? [`There are ${count} calls in this mail. None is left out.`] : []),
      ...(isDesk ? [lines(commands(calls)), ...englishByHand(calls)] : []),
      `On purpose this mail holds no address of any material and nothing about the child. Times are in ${timeZone}.`,
      lines([organisation, contact]),
    ]),
  }
}

function englishByHand(calls: readonly CallClear[]): readonly string[] {
  return telephoned(calls).map(
    ([name, ids]) =>
      `Telephone ${name} yourself: no mail address is set, so nobody there was called about ${ids.join(', ')}.`,
  )
}

/** Whom the desk must telephone, and about what. */
function telephoned(
  calls: readonly CallClear[],
): readonly (readonly [string, readonly string[]])[] {
  const byName = new Map<string, string[]>()
  for (const { telephone, about } of calls) {
    for (const name of telephone) byName.set(name, [...(byName.get(name) ?? []), about.id])
  }
  return [...byName]
}

function of(calls: readonly CallClear[], reason: CallReason): readonly CallClear[] {
  return calls.filter((call) => call.reason === reason)
}

const COMMANDS: Readonly<Record<CalledAbout['kind'], string>> = {
  tip: 'hindra tips show',
  case: 'hindra cases show',
  notice: 'hindra notices show',
}

/** How the first of each kind is looked at. */
function commands(calls: readonly CallClear[]): readonly string[] {
  const first = new Map<CalledAbout['kind'], string>()
  for (const { about } of calls) if (!first.has(about.kind)) first.set(about.kind, about.id)
  return [...first].map(([kind, id]) => `    ${COMMANDS[kind]} ${id}`)
}

function lines(all: readonly string[]): string {
  return all.join('\n')
}

function paragraphs(all: readonly string[]): string {
  return `${all.join('\n\n')}\n`
}

function localTime(at: string, locale: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, {
    ...{ dateStyle: 'long', timeStyle: 'short', timeZone },
  }).format(Date.parse(at))
}
