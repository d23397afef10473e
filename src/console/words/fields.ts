import { own } from '../../core/index.ts'
import type { Language } from '../../takedown/index.ts'
import { named } from './in-pairs.ts'

/** What the fields of forms are called, by the name that a refusal has for them: English and Swedish. */
const FIELDS = named({
  abuseContact: ['abuse contact', 'abuse-kontakt'],
  account: ['account', 'konto'],
  answer: ['answer', 'svar'],
  arrivesAs: ['what it arrives as', 'hur det kommer in'],
  at: ['time', 'tid'],
  caseId: ['case', 'ärende'],
  category: ['category', 'kategori'],
  channel: ['way', 'väg'],
  childCountry: ['country of the child', 'barnets land'],
  childMunicipality: ['municipality of the child', 'barnets kommun'],
  classification: ['class', 'klass'],
  code: ['code', 'kod'],
  country: ['country', 'land'],
  decision: ['decision', 'beslut'],
  description: ['description', 'beskrivning'],
  expiresInDays: ['days until it ends', 'dagar tills den slutar gälla'],
  hashes: ['hashes', 'hashvärden'],
  host: ['host', 'värd'],
  id: ['id', 'id'],
  ids: ['what was chosen', 'det som är valt'],
  jurisdiction: ['jurisdiction', 'rättsordning'],
  kind: ['kind', 'slag'],
  label: ['label', 'etikett'],
  list: ['list', 'lista'],
  mail: ['e-mail', 'e-post'],
  municipality: ['municipality', 'kommun'],
  name: ['name', 'namn'],
  note: ['note', 'anteckning'],
  offenderCountry: ['country of the offender', 'gärningsmannens land'],
  opinion: ['opinion', 'omdöme'],
  outcome: ['outcome', 'utfall'],
  owner: ['who answers for it', 'vem som ansvarar'],
  pageUrl: ['page', 'sida'],
  password: ['password', 'lösenord'],
  period: ['period', 'period'],
  pseudonym: ['pseudonym', 'pseudonym'],
  reason: ['reason', 'skäl'],
  reference: ['reference', 'referens'],
  roles: ['roles', 'roller'],
  series: ['series', 'serie'],
  since: ['from', 'från'],
  source: ['source', 'källa'],
  state: ['state', 'läge'],
  status: ['state', 'läge'],
  subject: ['subject', 'ämne'],
  takeBack: ['why it is taken back', 'varför det tas tillbaka'],
  text: ['text', 'text'],
  theirNumber: ['their number', 'deras nummer'],
  tipId: ['tip', 'tips'],
  to: ['to whom', 'till vem'],
  totp: ['six digits', 'sex siffror'],
  until: ['until', 'till'],
  url: ['URL', 'URL'],
  urls: ['URLs', 'URL:er'],
  way: ['how it came', 'hur det kom'],
  why: ['why', 'varför'],
  words: ['words', 'ord'],
})

const POSITION = /^\d+$/

/** A field as its form calls it, with the number of the line where there are several; else as the refusal has it. */
export function fieldIn(language: Language, field: string): string {
  const parts = field.split('.')
  const position = parts.findLast((part) => POSITION.test(part))
  const name = parts.findLast((part) => !POSITION.test(part)) ?? field
  const said = own(FIELDS[language], name)
  if (said === undefined) return field
  return position === undefined ? said : `${said}, ${Number(position) + 1}`
}
