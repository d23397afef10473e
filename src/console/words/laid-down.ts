import { own } from '../../core/index.ts'
import type { Language } from '../../takedown/index.ts'

/**
 * What the files say in English that Hindra ships for a house to lay down (questions of an assessment, rules of routes,
 * words for known material), in Swedish. It is looked up by the whole text: what a house has written itself, or changed,
 * stands as it wrote it.
 */
const LAID_DOWN_SV: Readonly<Record<string, string>> = {
  // assessment/house.yaml
  'Is a child shown?': 'Visas ett barn?',
  'a child is shown': 'ett barn visas',
  'no child is shown': 'inget barn visas',
  'it cannot be told': 'det går inte att avgöra',
  'How old is the youngest child that is shown?': 'Hur gammalt är det yngsta barnet som visas?',
  infant: 'spädbarn eller småbarn',
  'pre-pubescent': 'före puberteten',
  pubescent: 'i puberteten',
  'Who is shown?': 'Vem visas?',
  'a girl': 'en flicka',
  'a boy': 'en pojke',
  'What is shown?': 'Vad visas?',
  'sexual activity with or before a child': 'en sexuell handling med ett barn eller inför ett barn',
  'a sexual focus on a child': 'en sexuell inriktning på ett barn',
  'a child posed in a sexual way': 'ett barn i en sexuell pose',
  'nothing sexual': 'inget sexuellt',
  'How was it made?': 'Hur har det gjorts?',
  'recorded by a camera': 'med kamera',
  'made by AI': 'med AI',
  'recorded, then altered by AI': 'med kamera och sedan ändrat med AI',
  'drawn or modelled': 'tecknat eller modellerat',
  'Did the child make it?': 'Har barnet gjort det självt?',
  'the child made it, alone or urged to':
    'barnet gjorde det, av sig självt eller efter påtryckning',
  'somebody else made it': 'någon annan gjorde det',
  'Is it child modelling?': 'Är det bilder av barn som modeller?',
  'child modelling': 'barn som modeller',
  'no child modelling': 'inte barn som modeller',
  'Which known series does it belong to?': 'Vilken känd serie hör det till?',
  'In which country is the child?': 'I vilket land finns barnet?',
  'In which country is the offender?': 'I vilket land finns förövaren?',
  'Does the child itself ask for removal?': 'Ber barnet självt om att det tas bort?',
  'the child itself asks': 'barnet ber självt',
  'the child does not ask': 'barnet ber inte',
  'Is the URL an account that threatens or extorts?':
    'Leder URL:en till ett konto som hotar eller utpressar?',
  'an account that threatens or extorts': 'ett konto som hotar eller utpressar',
  'no such account': 'inget sådant konto',
  'what shows no child is neither Baseline nor National':
    'det som inte visar något barn är varken Baseline eller National',
  'what shows nothing sexual is not Baseline': 'det som inte visar något sexuellt är inte Baseline',
  'nothing sexual is shown, or something is':
    'antingen visas inget sexuellt, eller så visas något sådant',
  // routes.yaml
  'The police at home look into it, or pass it on to those of another country.':
    'Polisen i Sverige utreder det, eller lämnar det vidare till polisen i ett annat land.',
  'It is harmful, and no crime. The host is asked to look at it under its own terms; nobody else is told.':
    'Det är skadligt men inget brott. Värden ombeds pröva det mot sina egna villkor; ingen annan underrättas.',
  'A child is in danger at this moment. The police come first; the host waits for them, since what disappears can warn an offender who is with the child.':
    'Ett barn är i fara just nu. Polisen går först och värden får vänta: det som försvinner kan varna en förövare som är hos barnet.',
  'The child itself asks for removal. Police and host are told at once and before all others.':
    'Barnet ber självt om att det tas bort. Polisen och värden underrättas genast och före alla andra.',
  'An account threatens or extorts a child. Police and platform are told at once, whether it shows media or not.':
    'Ett konto hotar eller utpressar ett barn. Polisen och plattformen underrättas genast, vare sig kontot visar bilder eller inte.',
  'An onion service has no host that could be told. It is reported to the police.':
    'En onion-tjänst har ingen värd som går att underrätta. Den anmäls till polisen.',
  'The host, the child or the offender is in Sweden. The police come first, so that evidence can be secured; then the host is told.':
    'Värden, barnet eller förövaren finns i Sverige. Polisen går först, så att bevis kan säkras; därefter underrättas värden.',
  'The platform has a channel for trusted flaggers (DSA Article 22).':
    'Plattformen har en kanal för betrodda anmälare (artikel 22 i DSA).',
  'Only a proxy is known. Its report channel passes the notice on to the host behind it.':
    'Bara en proxy är känd. Den skickar vidare underrättelsen till värden bakom sig.',
  'The host is abroad, where an INHOPE hotline works. It tells police and host there.':
    'Värden finns i ett land där en INHOPE-organisation arbetar. Den underrättar polis och värd där.',
  "No INHOPE hotline is known to work in the host's country. The host is told directly.":
    'Ingen INHOPE-organisation är känd i värdens land. Värden underrättas direkt.',
  // A host of which nothing is assumed has no other name.
  'the host': 'värden',
  // vocabulary.json
  'tip from the public': 'tips från allmänheten',
  'sister hotline, with its reference': 'systerorganisation, med dess referens',
  'child support line, or the child itself': 'stödlinje för barn, eller barnet självt',
  police: 'polisen',
  'found by our own analysts': 'funnet av våra egna analytiker',
  "came with a partner's list": 'kom med en partners lista',
  'not categorised': 'inte angivet',
  website: 'webbplats',
  'file host': 'fildelningstjänst',
  'image store': 'bildlager',
  'image board': 'bildforum',
  forum: 'forum',
  'banner site': 'annonssida',
  'link site': 'länksida',
  'social networking': 'socialt nätverk',
  redirector: 'omdirigering',
  'web archive': 'webbarkiv',
  'search provider': 'söktjänst',
  'image host': 'bildtjänst',
  blog: 'blogg',
  commercial: 'kommersiellt',
  'not commercial': 'inte kommersiellt',
  'not determined': 'inte avgjort',
}

/** What the house laid down, in the language of the reader where Hindra has it in that. */
export function laidDownIn(language: Language, text: string): string {
  return language === 'en' ? text : (own(LAID_DOWN_SV, text) ?? text)
}
