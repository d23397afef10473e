import type { CaseEvidence, NoticeFacet, WhyUnsaid } from './content.ts'
import type { DossierPart } from './terms.ts'

/** The same in each language in which a dossier is written. */
export interface DossierWord {
  readonly sv: string
  readonly en: string
}

type Worded<Name extends string> = Readonly<Record<Name, DossierWord>>

function said(sv: string, en: string): DossierWord {
  return { sv, en }
}

export const HEADINGS: Worded<DossierPart> = {
  case: said('Ärendet', 'The case'),
  sightings: said('När och varifrån det sågs', 'When and from where it was seen'),
  matches: said('Vad det stämmer med, och hur', 'What it matches, and how'),
  item: said('Det kända materialet och varifrån det är känt', 'The known item and how it is known'),
  assessments: said('Bedömningar', 'Assessments'),
  hashes: said('Hashvärden för det som sågs', 'Hashes of what was seen'),
  host: said(
    'Var det ligger, och hur det togs reda på',
    'Where it is hosted, and how that was found',
  ),
  notices: said(
    'Vilka som har underrättats, och vad de svarade',
    'Who was told, and what they answered',
  ),
  looks: said('Återkontroller', 'Rechecks'),
  hold: said('Polisens önskan att vänta', 'What the police asked to wait for'),
}

export const STATUS: Worded<CaseEvidence['case']['status']> = {
  open: said('öppet', 'open'),
  'in-progress': said('pågår: någon är underrättad', 'in progress: somebody was told'),
  removed: said('borttaget', 'removed'),
  unavailable: said('inte åtkomligt', 'unavailable'),
  moved: said('flyttat', 'moved'),
  closed: said('avslutat', 'closed'),
  disputed: said('ifrågasatt', 'disputed'),
  'not-illegal': said('bedömt som inte olagligt', 'assessed as not illegal'),
  retracted: said('återtaget', 'retracted'),
}

export const CLASS: Worded<CaseEvidence['case']['classification']> = {
  Baseline: said('Baseline (olagligt enligt INHOPE:s gemensamma nivå)', 'Baseline (INHOPE)'),
  National: said('National (olagligt i vårt land)', 'National (illegal in our country)'),
  Harmful: said('Harmful (skadligt, inte olagligt)', 'Harmful (not illegal)'),
  Ignore: said('Ignore (inte olagligt)', 'Ignore (not illegal)'),
}

export const VERDICT: Worded<CaseEvidence['case']['verdict']> = {
  exact: said('samma fil, byte för byte', 'the same file, to the byte'),
  confirmed: said(
    'bekräftat av Hindra, med de skäl som anges',
    'confirmed by Hindra, for the reasons given',
  ),
  review: said('liknar, för en människa att avgöra', 'alike, for a person to decide'),
  assessed: said(
    'bedömt av en människa, inte tidigare känt',
    'assessed by a person, not known before',
  ),
}

export const EXTENT: Worded<CaseEvidence['matches'][number]['shown']['extent']> = {
  copy: said(
    'den kända bilden eller filmen, eventuellt ändrad',
    'the known picture or film, altered perhaps',
  ),
  piece: said(
    'den kända filmen eller en del av den, i en film',
    'the known film or a part of it, in a film',
  ),
  frame: said(
    'en enda bild ur den kända filmen; om filmen i övrigt sägs ingenting',
    'one picture of the known film; of the rest of it nothing is said',
  ),
  still: said('den kända bilden, i en film', 'the known picture, in a film'),
}

export const DECISION: Worded<CaseEvidence['case']['decision']> = {
  'not-needed': said('ingen behövdes', 'none was needed'),
  pending: said('väntar på en människa', 'waits for a person'),
  accepted: said('godtaget av en människa', 'accepted by a person'),
  rejected: said('underkänt av en människa', 'rejected by a person'),
}

export const HOST_KIND: Worded<NonNullable<CaseEvidence['host']>['kind']> = {
  provider: said('webbhotell eller nätoperatör', 'hosting provider'),
  platform: said('plattform', 'platform'),
  proxy: said('mellanled; värden bakom är inte känd', 'proxy; the host behind it is not known'),
  onion: said('Tor; värden går inte att ta reda på', 'Tor; the host cannot be found'),
}

export const LIST_KIND: Worded<'own' | 'partner' | 'allow'> = {
  own: said('vår egen lista', 'a list of our own'),
  partner: said('en partners lista', "a partner's list"),
  allow: said('lista över ofarligt material', 'a list of harmless material'),
}

export const ENTRY_STATUS: Worded<'proposed' | 'verified' | 'disputed' | 'retracted'> = {
  proposed: said('föreslagen', 'proposed'),
  verified: said('bekräftad', 'verified'),
  disputed: said('ifrågasatt', 'disputed'),
  retracted: said('återtagen', 'retracted'),
}

export const ROLE: Worded<NoticeFacet['role']> = {
  police: said('polisen', 'the police'),
  host: said('värden', 'the host'),
  platform: said('plattformen', 'the platform'),
  proxy: said('mellanledet', 'the proxy'),
  hotline: said('annan hotline', 'another hotline'),
  interpol: said('Interpol', 'INTERPOL'),
  'social-services': said('socialtjänsten', 'the social services'),
  'site-owner': said('webbplatsens ägare', 'the owner of the site'),
  registrar: said('domänens registrar', 'the registrar of the domain'),
  upstream: said('nätet bakom värden', 'the network behind the host'),
  regulator: said('tillsynsmyndigheten', 'the regulator'),
}

export const STEP: Worded<NoticeFacet['step']> = {
  notice: said('första meddelande', 'first notice'),
  reminder: said('påminnelse', 'reminder'),
  'site-owner': said('till webbplatsens ägare', 'to the owner of the site'),
  registrar: said('till registraren', 'to the registrar'),
  upstream: said('till nätet bakom värden', 'to the network behind the host'),
  regulator: said('till tillsynsmyndigheten', 'to the regulator'),
  correction: said('rättelse', 'correction'),
  removed: said('besked att det är borta', 'word that it is gone'),
  answer: said('svar på en fråga', 'answer to a question'),
  confirmation: said('bekräftelse till polisen', 'confirmation to the police'),
}

export const NOTICE_STATE: Worded<NoticeFacet['state']> = {
  held: said('väntar', 'held'),
  queued: said('i kö', 'queued'),
  sending: said('på väg', 'being sent'),
  sent: said('skickat', 'sent'),
  bounced: said('kom tillbaka', 'bounced'),
  acknowledged: said('mottagandet bekräftat', 'acknowledged'),
  failed: said('kunde inte lämnas', 'failed'),
  withdrawn: said('återtaget innan det skickades', 'withdrawn before it was sent'),
}

export const REPLY: Worded<NoticeFacet['replies'][number]['kind']> = {
  bounce: said('studs', 'bounce'),
  'delivery-report': said('leveransrapport', 'delivery report'),
  receipt: said('mottagningskvitto', 'receipt'),
  answer: said('svar', 'answer'),
  'removal-claim': said('säger att det är borttaget', 'says that it is removed'),
  refusal: said('avböjer', 'refuses'),
}

export const OUTCOME: Worded<'present' | 'gone' | 'moved' | 'unverifiable'> = {
  present: said('finns kvar', 'still there'),
  gone: said('borta', 'gone'),
  moved: said('flyttat', 'moved'),
  unverifiable: said('gick inte att avgöra', 'could not be told'),
}

export const HOLD_STATE: Worded<NonNullable<CaseEvidence['hold']>['state']> = {
  waiting: said('värden underrättas inte ännu', 'the host is not told yet'),
  forbidden: said('värden får inte underrättas', 'the host may not be told'),
  over: said('väntan är över', 'the wait is over'),
}

export const HOLD_VOICE: Worded<NonNullable<CaseEvidence['hold']>['voice']> = {
  policy: said('våra regler', 'our policy'),
  person: said('en person hos oss', 'a person of ours'),
  reply: said('polisen, i ett svar', 'the police, in a reply'),
}

export const LEFT_OUT: Worded<WhyUnsaid> = {
  'other-cases': said(
    'Orden står inte här: brevet gällde även andra ärenden.',
    'The words are not here: the letter told of other cases too.',
  ),
  child: said(
    'Orden och mottagaren står inte här: de gäller ett barn och var det bor.',
    'Words and recipient are not here: they are about a child and where it lives.',
  ),
  none: said(
    'Lämnades utan brev, som en post i en fil.',
    'It left without a letter, as a record of a file.',
  ),
}

export const PROOF: Worded<NoticeFacet['replies'][number]['proof']> = {
  dkim: said('avsändaren styrkt med DKIM', 'its sender is proven by DKIM'),
  word: said(
    'avsändaren styrkt med brevets engångsord',
    "its sender is proven by the letter's word",
  ),
  none: said('inget styrker vem som skrev det', 'nothing proves who wrote it'),
}

/** What no dossier holds, so that its reader knows what to ask for. */
export const NEVER_IN: readonly DossierWord[] = [
  said('bilder och filmer: vi sparar inga', 'pictures and films: we keep none'),
  said(
    'vem som tipsade, och tipsets ord: tips är anonyma',
    'who tipped, and the words of a tip: tips are anonymous',
  ),
  said(
    'våra anteckningar, och skäl som personer har skrivit för sina åtgärder; bedömningarnas skäl står ovan',
    'our notes, and reasons that people wrote for their acts; those of assessments stand above',
  ),
  said(
    'var ett barn bor, och vem det är: det vi vet lämnas muntligt',
    'where a child lives, and who it is: what we know is told by telephone',
  ),
  said('invändningar, och vem som gjorde dem', 'objections, and who made them'),
  said(
    'hashvärden som andra listor har lämnat: dem begär ni av den som för listan',
    'hashes that other lists gave: they are asked of whoever keeps the list',
  ),
  said(
    'varje enskild återkontroll: den senaste och varje ändring av ärendet sparas',
    'each recheck: the last one and each change of the case are kept',
  ),
]

export const TRUTH: DossierWord = said(
  'Det som någon annan än Hindra har skrivit står efter ett lodrätt streck (|). Det som uppges av en avsändare är inte ' +
    'kontrollerat. Adresser är skrivna så att ingen öppnar dem av misstag (hxxps, [.]); i dossier.json står de som de är. ' +
    'Tider är UTC.',
  'What somebody other than Hindra wrote stands behind a vertical bar (|). What a sender says was not checked. URLs are ' +
    'written so that nobody opens them by accident (hxxps, [.]); in dossier.json they stand as they are. Times are UTC.',
)
