import type { MATCH_WHYS } from '../../../match/index.ts'
import type { CEILINGS } from '../../../register/index.ts'
import type { Same } from '../in-both.ts'

/** Why known material is found for a person to decide at most, or not at all, in Swedish. */
export const CEILINGS_SV: Same<typeof CEILINGS> = {
  'on-allow-list': () => 'det står på listan över det ofarliga',
  'not-sought': () => 'ingen lista säger att det ska hittas',
  disabled: () => 'det som listorna säger är avstängt för en tid',
  proposed: () => 'ingen andra person har bekräftat det än',
  disputed: () => 'det är ifrågasatt',
  'in-quarantine': () => 'träffarna kom i en våg: det är i karantän',
  ignored: () => 'en egen lista har det som Ingetdera',
  'no-crime': () => 'det är skadligt men inte brottsligt',
  'list-review': () => 'listan ger bara träffar att avgöra för den klassen',
}

/** What keeps a match from a stronger verdict, in Swedish. Its English stands in the reason of the match. */
export const MATCH_WHYS_SV: Same<typeof MATCH_WHYS> = {
  ...CEILINGS_SV,
  opaque: () =>
    'ett hashvärde som Hindra inte kan räkna ut stämmer: ingen här har kontrollerat det',
  'weak-digest': ({ title }) => `bara ${title} stämmer, och sådana kan förfalskas`,
  'one-picture': () =>
    'filmen visar en och samma bild hela tiden, eller ingenting: det avgörande kan vara ljudet',
  'single-frame': () => 'en enda bildruta bekräftar ingenting',
  'browser-slack': ({ bits }) =>
    `hashvärdet gjordes i en webbläsare och kan vara upp till ${bits} bitar fel`,
  'guessed-part': () => 'vilken del av bilden det är är en gissning',
  'quality-little': ({ least }) => `under kvalitet ${least} säger ett hashvärde föga`,
  'quality-alone': ({ least }) => `under kvalitet ${least} räcker inte hashvärdet ensamt`,
  'distance-alone': ({ radius }) => `över avstånd ${radius} räcker inte hashvärdet ensamt`,
  'model-alone': () => 'en modell bekräftar ingenting ensam',
  'frames-in-order': ({ count, least }) =>
    `${count} i samma ordning, och det krävs ${least} för att bekräfta`,
  'frames-share': ({ share, itemShare, least }) =>
    `i samma ordning ${share} % och ${itemShare} %, och det krävs ${least} % av båda för att bekräfta`,
  differs: () => 'för mycket skiljer för att det ska bekräfta',
  background: () => 'så lite som stämmer kan vara bakgrunden, och hashvärdena ligger inte nära',
  form: () =>
    'en blankett med text stämmer, men få av dess kännetecken: det som står där kan vara något annat',
  'on-page': () =>
    'det står på en sida, och det som står bredvid syns inte: fler sidor kan ha samma sak',
  'part-of-part': () =>
    'en del av den ena visar en del av den andra: ett föremål eller underlag som båda kan visa',
  beside: () =>
    'båda visar något som den andra inte visar, på var sin sida: två bilder av en plats, eller en del bredvid något annat',
  'texture-only': () =>
    'det som är sparat av materialet säger bara något om struktur: registrera filen på nytt med --refresh',
  little: () => 'nästan allt stämmer, men av så lite att det inte bekräftar',
  bent: () =>
    'de stämmer bara om den ena böjs: från en annan sida, genom en lins, eller en annan bild av samma sak',
  cut: () =>
    'en bit stämmer men inte det som är bredvid: urklippt, hopsatt, eller ett föremål som båda visar',
  elsewhere: ({ percent }) =>
    `på ett ställe visas något annat (${percent} %): en annan bild av samma scen, en annan bild i samma ram eller en ändrad kopia`,
  parallax: () =>
    'saker i den är förskjutna, var och en för sig: platsen från ett annat håll, eller en kopia som böjts',
  'another-take': () =>
    'bildrutor i den visar något annat på ett ställe: en annan tagning, eller en ändrad kopia',
  'several-films': () =>
    'flera kända filmer visar det: en titel, ett intro eller en film i flera exemplar',
  'both-ends': () =>
    'båda filmerna börjar eller slutar med det, och det är mindre än halva: det kan vara en titel eller ett intro',
  'other-moment': () =>
    'hashvärdena är inte så nära som en kopias: det kan vara ett annat ögonblick framför samma kamera',
  'only-shared': () => 'det som stämmer finns också i kända bilder av annat',
  'few-features': () => 'få av kännetecknen där stämmer',
  'texture-disagrees': () => 'strukturen stämmer inte tillräckligt för att bekräfta',
  unvouched: () =>
    'ingen här har sett vad hashvärdena hör till, och två personer har inte godkänt listan',
  'picture-gone': () => 'bilden sparades inte, så dess struktur har inte jämförts',
  client: () => 'hashvärdena är klientens: Hindra har inte sett filen',
  'allowed-like': ({ distance }) => `något ofarligt är också likt det (PDQ-avstånd ${distance})`,
}
