import { own } from '../core/index.ts'
import type { InWords } from '../stats/index.ts'

/** What groups of figures are called; names of providers and codes of countries stand as they are. */
const GROUP_WORDS: Readonly<Record<string, InWords>> = {
  public: { sv: 'allmänheten', en: 'the public' },
  hotline: { sv: 'systerorganisationer', en: 'hotlines' },
  'child-support-line': { sv: 'stödlinjer för barn', en: "children's support lines" },
  police: { sv: 'polisen', en: 'the police' },
  'own-work': { sv: 'eget arbete', en: 'own work' },
  Baseline: { sv: 'olagligt: Baseline', en: 'illegal: Baseline' },
  National: { sv: 'olagligt: nationell klass', en: 'illegal: National' },
  Harmful: { sv: 'skadligt, inget brott', en: 'harmful, no crime' },
  Ignore: { sv: 'inte olagligt', en: 'not illegal' },
  waiting: { sv: 'väntar på bedömning', en: 'waiting for a judgement' },
  'not-illegal': { sv: 'bedömt som inte olagligt', en: 'judged not illegal' },
  'taken-back': { sv: 'taget tillbaka av oss', en: 'taken back by us' },
  'no-match': { sv: 'en människa såg ingen träff', en: 'a person saw no match' },
  undecided: { sv: 'avslutat utan beslut', en: 'ended without a decision' },
  dismissed: { sv: 'avskrivet, utan skäl ur listan', en: 'dismissed, no reason of the list' },
  'dismissed-gone': { sv: 'avskrivet: redan borta', en: 'dismissed: gone already' },
  'dismissed-unreachable': {
    sv: 'avskrivet: gick inte att titta på',
    en: 'dismissed: could not be looked at',
  },
  'dismissed-other': { sv: 'avskrivet: annat skäl', en: 'dismissed: another reason' },
  'for-police': { sv: 'i ord, för polisen', en: 'in words, for the police' },
  'no-longer-kept': { sv: 'sparas inte längre', en: 'no longer kept' },
  new: { sv: 'nytt material', en: 'new material' },
  'match-accepted': { sv: 'träff som godtogs', en: 'match accepted' },
  'match-rejected': { sv: 'träff som underkändes', en: 'match rejected' },
  'tip-dismissed': { sv: 'avskrivet tips', en: 'tip dismissed' },
  picture: { sv: 'bilder', en: 'pictures' },
  film: { sv: 'filmer', en: 'films' },
  account: { sv: 'konton', en: 'accounts' },
  unknown: { sv: 'inte känt', en: 'not known' },
  host: { sv: 'värdar', en: 'hosting providers' },
  platform: { sv: 'plattformar', en: 'platforms' },
  proxy: { sv: 'mellanliggande nät', en: 'proxies' },
  provider: { sv: 'värdar', en: 'hosting providers' },
  onion: { sv: 'onion-adresser', en: 'onion addresses' },
  interpol: { sv: 'Interpol', en: 'INTERPOL' },
  'social-services': { sv: 'socialtjänsten', en: 'social services' },
  'site-owner': { sv: 'webbplatsers ägare', en: 'site owners' },
  registrar: { sv: 'registrarer', en: 'registrars' },
  upstream: { sv: 'bakomliggande nät', en: 'upstream networks' },
  regulator: { sv: 'tillsynsmyndigheter', en: 'regulators' },
  removed: { sv: 'borta', en: 'gone' },
  unavailable: { sv: 'inte tillgängligt', en: 'unavailable' },
  moved: { sv: 'flyttat', en: 'moved' },
  'gone-before': { sv: 'borta redan före anmälan', en: 'gone before the notice' },
  uploader: { sv: 'den som lade upp det', en: 'whoever put it up' },
  other: { sv: 'andra', en: 'others' },
  upheld: { sv: 'bifallna', en: 'upheld' },
  rejected: { sv: 'avslagna', en: 'rejected' },
  withdrawn: { sv: 'återtagna', en: 'withdrawn' },
  agreed: { sv: 'lika', en: 'the same' },
  differs: { sv: 'olika, väntar på en tredje', en: 'differ, and wait for a third' },
  stands: { sv: 'olika, det första står fast', en: 'differed, the first stands' },
  corrected: { sv: 'olika, rättat', en: 'differed, corrected' },
  noted: { sv: 'olika, noterat', en: 'differed, noted' },
  'not-gone': { sv: 'inte sett borta', en: 'not seen to be gone' },
}

const ALL: InWords = { sv: 'alla', en: 'all' }

export function groupName(group: string | null): InWords {
  if (group === null) return ALL
  return own(GROUP_WORDS, group) ?? { sv: group, en: group }
}
