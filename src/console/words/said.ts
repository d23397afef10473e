import { own } from '../../core/index.ts'
import type { LookCause } from '../../cases/index.ts'
import type { Language } from '../../takedown/index.ts'

/** Why a look found what it found, in Swedish. */
export const LOOK_CAUSES_SV: Readonly<Record<LookCause, string>> = {
  'same-file': 'samma fil',
  'same-media': 'det som ärendet bygger på visas',
  media: 'det finns en bild eller film där',
  account: 'kontot finns kvar',
  'not-found': 'sidan finns inte',
  'removal-page': 'en sida som säger att det är borttaget',
  placeholder: 'en platshållare',
  'other-media': 'något annat visas',
  parked: 'domänen är parkerad',
  person: 'en person har sagt det',
  'as-answered': 'som värden svarade',
  login: 'det kräver inloggning',
  captcha: 'det kräver en captcha',
  'geo-block': 'det är spärrat för vårt land',
  'block-page': 'en spärrsida',
  'referrer-cloaking': 'det visas bara för den som kommer från en viss sida',
  'legal-block': 'det är spärrat av rättsliga skäl',
  forbidden: 'åtkomst nekas',
  'rate-limit': 'för många frågor på kort tid',
  'server-error': 'fel på deras server',
  status: 'ett svar som inte säger något',
  'time-out': 'inget svar i tid',
  name: 'namnet går inte att slå upp',
  connection: 'ingen förbindelse',
  tls: 'certifikatet går inte att lita på',
  address: 'en adress som Hindra inte hämtar från',
  'own-line': 'fel på vår egen förbindelse',
  'vantages-differ': 'det ser olika ut från olika platser',
  'no-media': 'ingen bild eller film',
  'too-large': 'för stort för att hämtas',
  unreadable: 'det går inte att läsa',
  alike: 'något liknande visas',
  'other-item': 'annat känt material visas',
  'front-page': 'det leder till en förstasida',
  'not-named': 'sidan nämner det inte',
  'nothing-known': 'det finns inget att jämföra med',
}

/** Parts of the system that can keep it from work, in Swedish. */
export const PARTS_SV: Readonly<Record<string, string>> = {
  store: 'Lagret',
  index: 'Sökningen',
  register: 'Det kända materialet',
  pool: 'Kön till hashningen',
  pending: 'Träffar som väntar på en titt',
}

/** Short words that stages say of a record, in Swedish by the whole text; what comes after a colon or a word is a value. */
const SAID_SV: Readonly<Record<string, string>> = {
  'two equal assessments of these very bytes': 'två lika bedömningar av just den här filen',
  'the first of two persons: nobody answers for the machine that proposed it':
    'den första av två personer: ingen ansvarar för maskinen som föreslog det',
  agree: 'instämmer',
  disagree: 'instämmer inte',
  features: 'kännetecken',
  'no contact is known': 'ingen kontakt är känd',
  'no INHOPE hotline is known in the country of the host':
    'ingen INHOPE-organisation är känd i värdens land',
  'no address is in the file of the jurisdiction': 'ingen adress finns i landets fil',
  'not in the policy': 'finns inte i policyn',
  'a person refused this contact': 'en person har sagt nej till kontakten',
}

const BEFORE_VALUE = /^(with|to|from|until) (\S+)$/
const VALUE_WORDS = { with: 'med', to: 'till', from: 'från', until: 'till' } as const

/** What happened to an item, beyond the act itself. */
export function detailIn(language: Language, detail: string): string {
  if (language === 'en') return detail
  const [, word, value] = BEFORE_VALUE.exec(detail) ?? []
  const before = own(VALUE_WORDS, word ?? '')
  if (before !== undefined && value !== undefined) return `${before} ${value}`
  return own(SAID_SV, detail) ?? detail
}

/** Why somebody is not told: who, and what is not known of them. */
export function unreachableIn(
  language: Language,
  told: string,
  roles: Readonly<Record<string, string>>,
): string {
  if (language === 'en') return told
  const place = told.indexOf(': ')
  const [who, why] = [told.slice(0, place), told.slice(place + 2)]
  return `${own(roles, who) ?? who}: ${own(SAID_SV, why) ?? why}`
}

/** What a step of a trace answers where nothing was found, by how it is written in the evidence. */
const TRACED_SV: readonly (readonly [written: RegExp, said: string])[] = [
  [/^the URL names an address$/, 'URL:en anger en adress'],
  [/^no answer \(([A-Z_]+)(?:: .*)?\)$/, 'inget svar ($1)'],
  [/^(.+): the chain is a loop$/, '$1: kedjan går i cirkel'],
  [/^not followed: more than (\d+) aliases$/, 'följdes inte: mer än $1 alias'],
  [/^none \((.+)\)$/, 'ingen ($1)'],
  [/^no mail contact$/, 'ingen e-postadress'],
  [/^expired (.+)$/, 'gick ut $1'],
  [/^an onion service: nobody can tell where it is$/, 'en onion-tjänst: ingen kan säga var den är'],
  [/^(.+) says that it is not theirs$/, '$1 säger att det inte är deras'],
  [/^in no table$/, 'finns inte i någon tabell'],
  [/^not in the table \((.+)\)$/, 'finns inte i tabellen ($1)'],
]

/** What a step of a trace answered: words of ours in the language of the reader, what others answered as it came. */
export function tracedIn(language: Language, answer: string): string {
  const known = language === 'en' ? undefined : TRACED_SV.find(([written]) => written.test(answer))
  return known === undefined ? answer : answer.replace(...known)
}
