import type { LookFault, LookWord, LookKind } from '../../looks/terms.ts'
import { own } from '../../core/index.ts'
import type { InBoth, Same } from './in-both.ts'

const en = {
  section: 'Look at it',
  hint: 'Nothing is shown unless you ask for it: a small grey still, without sound, which Hindra keeps nowhere. It opens in a tab of its own, so what you have typed here stays.',
  off: 'The safe look is switched off in this house.',
  go: 'Show a small grey still (new tab)',
  copy: 'Show the address to copy (new tab)',
  copyHint:
    'For the machine on which your house opens such addresses, and for no other. That it was shown is in the log.',
  own: (looks: number, looksMax: number, time: string, timeMax: string) =>
    `You today: ${looks} of ${looksMax} pictures, ${time} of ${timeMax} of work.`,
  time: (hours: number, minutes: number) =>
    hours === 0 ? `${minutes} min` : minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`,
  bars: {
    looks: 'You have looked as often today as the house lets one person look.',
    hours: 'You have worked as long today as the house lets one person look.',
    break: 'A break is due.',
  },
  opens: (at: string) => `Looks open again at ${at}.`,
  lost: 'Nothing is lost: what you have taken stays yours, and you can assess and decide without a look.',
  title: (what: string) => `Look at ${what}`,
  of: { case: 'case', tip: 'tip', sample: 'decision' },
  seen: 'Shown',
  ways: {
    'small-grey': 'small, grey',
    'large-grey': 'large, grey',
    'small-colour': 'small, in colour',
    'large-colour': 'large, in colour',
  } satisfies Readonly<Record<LookKind, string>>,
  frames: (count: number) => `${count} frames of what moves, from its beginning on`,
  alt: 'Still of what the address shows now',
  same: 'What is there now',
  likeness: {
    'same-bytes': 'is the very file that the case stands on',
    'same-picture': 'shows what the case stands on',
    alike: 'is like what the case stands on; whether it is the same cannot be told',
    another: 'is something else than what the case stands on',
    unknown: 'could not be compared with what the case stands on',
  } satisfies Readonly<Record<LookWord, string>>,
  tip: 'was fetched now. Nothing says whether the sender saw the same.',
  distance: (bits: number) => `differs in ${bits} of 256 bits`,
  nothing: 'Nothing is shown',
  faults: {
    address:
      'The address leads to where Hindra fetches nothing from: an inner network, or a port that is not allowed.',
    'no-answer': 'The host could not be reached, or did not answer as it must.',
    status: 'The host answered that it does not show it.',
    page: 'A page is there, and no picture or film. A look shows no pages.',
    'no-media': 'What is there is no picture and no film that Hindra can read.',
    damaged: 'The file is damaged, or broke its decoder.',
    'too-large': 'The file is larger than Hindra decodes.',
    'too-slow': 'It took longer than Hindra waits.',
  } satisfies Readonly<Record<LookFault, string>>,
  status: (code: number) => `The host answered with status ${code}.`,
  uncounted: 'It does not count as one of your looks.',
  more: 'If you need more of it',
  moreHint: 'Each is an act of its own: fetched again, counted and logged.',
  further: {
    'small-grey': 'Small, grey, again',
    'large-grey': 'Larger, in grey',
    'small-colour': 'Small, in colour',
    'large-colour': 'Larger and in colour',
  } satisfies Readonly<Record<LookKind, string>>,
  done: 'Close this tab when you have seen enough.',
  back: (what: string) => `To the ${what}`,
  urlTitle: 'The address, to copy',
  address: 'Address',
  today: 'Your day',
  todayHint:
    'From act to act (assessing, deciding, looking), where less than a break lies between two. No page shows it to anybody else, and nobody is ranked by it; that you looked at something is in the log, which auditors read. It is erased as retention says.',
  day: 'Day',
  pictures: 'Pictures shown',
  worked: 'Time',
  ofMost: (value: string, most: string) => `${value} of at most ${most}`,
  breaks: 'Breaks',
  breakEach: (minutes: number) =>
    minutes === 0 ? 'none laid down' : `${minutes} minutes in each hour`,
} as const

/** What a record is called where one goes back to it. */
const BACK_TO: Readonly<Record<string, string>> = {
  ärende: 'ärendet',
  tips: 'tipset',
  beslut: 'beslutet',
}

const sv: Same<typeof en> = {
  section: 'Titta',
  hint: 'Inget visas om du inte ber om det: en liten grå stillbild utan ljud, som Hindra inte sparar någonstans. Den öppnas i en egen flik, så det du har skrivit här finns kvar.',
  off: 'Säker visning är avstängd hos er.',
  go: 'Visa en liten grå stillbild (ny flik)',
  copy: 'Visa adressen för kopiering (ny flik)',
  copyHint: 'Bara för den dator där ni öppnar sådana adresser. Att den har visats skrivs i loggen.',
  own: (looks, looksMax, time, timeMax) =>
    `Du i dag: ${looks} av ${looksMax} bilder, ${time} av ${timeMax} arbete.`,
  time: (hours, minutes) =>
    hours === 0 ? `${minutes} min` : minutes === 0 ? `${hours} tim` : `${hours} tim ${minutes} min`,
  bars: {
    looks: 'Du har tittat så många gånger i dag som er policy tillåter.',
    hours: 'Du har arbetat så länge i dag som er policy tillåter för den som tittar.',
    break: 'Det är dags för en paus.',
  },
  opens: (at) => `Du kan titta igen ${at}.`,
  lost: 'Inget går förlorat: det du har tagit är fortfarande ditt, och du kan bedöma och besluta utan att titta.',
  title: (what) => `Titta: ${what}`,
  of: { case: 'ärende', tip: 'tips', sample: 'beslut' },
  seen: 'Visas',
  ways: {
    'small-grey': 'liten, i grått',
    'large-grey': 'större, i grått',
    'small-colour': 'liten, i färg',
    'large-colour': 'större, i färg',
  },
  frames: (count) => `${count} bildrutor ur det rörliga, från början och framåt`,
  alt: 'Stillbild av det som adressen visar nu',
  same: 'Det som finns där nu',
  likeness: {
    'same-bytes': 'är exakt den fil som ärendet bygger på',
    'same-picture': 'visar det som ärendet bygger på',
    alike: 'liknar det som ärendet bygger på; om det är detsamma går inte att avgöra',
    another: 'är något annat än det som ärendet bygger på',
    unknown: 'gick inte att jämföra med det som ärendet bygger på',
  },
  tip: 'hämtades nyss. Inget säger om den som tipsade såg detsamma.',
  distance: (bits) => `skiljer sig i ${bits} av 256 bitar`,
  nothing: 'Inget visas',
  faults: {
    address:
      'Adressen leder dit Hindra inte hämtar något: ett inre nät, eller en port som inte är tillåten.',
    'no-answer': 'Värden gick inte att nå, eller svarade inte som den ska.',
    status: 'Värden svarade att den inte visar det.',
    page: 'Där finns en webbsida, ingen bild eller film. Webbsidor visas inte.',
    'no-media': 'Det som finns där är ingen bild och ingen film som Hindra kan läsa.',
    damaged: 'Filen är skadad, eller fick avkodaren att gå sönder.',
    'too-large': 'Filen är större än Hindra avkodar.',
    'too-slow': 'Det tog längre tid än Hindra väntar.',
  },
  status: (code) => `Värden svarade med status ${code}.`,
  uncounted: 'Det räknas inte som en av dina visningar.',
  more: 'Om du behöver se mer',
  moreHint: 'Varje steg är en egen åtgärd: det hämtas på nytt, räknas och loggas.',
  further: {
    'small-grey': 'Liten, i grått, en gång till',
    'large-grey': 'Större, i grått',
    'small-colour': 'Liten, i färg',
    'large-colour': 'Större och i färg',
  },
  done: 'Stäng fliken när du har sett nog.',
  back: (what) => `Till ${own(BACK_TO, what) ?? what}`,
  urlTitle: 'Adressen, för kopiering',
  address: 'Adress',
  today: 'Din dag',
  todayHint:
    'Från åtgärd till åtgärd (bedöma, besluta, titta), när det är mindre än en paus emellan. Ingen sida visar det för någon annan, och ingen rangordnas efter det; att du har tittat på något står i loggen, som granskare läser. Uppgifterna gallras enligt reglerna för gallring.',
  day: 'Dag',
  pictures: 'Visade bilder',
  worked: 'Tid',
  ofMost: (value, most) => `${value} av högst ${most}`,
  breaks: 'Pauser',
  breakEach: (minutes) => (minutes === 0 ? 'inga bestämda' : `${minutes} minuter varje timme`),
}

/** Being shown what a URL shows, and how much of that is enough. */
export const looks: InBoth<typeof en> = { en, sv }
