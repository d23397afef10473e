import type { REACHES } from '../../../match/index.ts'
import type { Same } from '../in-both.ts'

/** What a sighting can be at most by what an entry can be found by, in Swedish. */
export const REACHES_SV: Same<typeof REACHES> = {
  features: () => 'kännetecken: kopior, beskärningar och delar bekräftas, av filmer också',
  'features-outdated': () =>
    'kännetecken från en äldre version: en människa avgör, tills hindra register --refresh förnyar dem',
  'features-colourless': () =>
    'dess kännetecken har inga färger: en annan person, lika ljus, på ett ställe märks inte förrän hindra register --refresh förnyar dem',
  'picture-near': ({ radius, quality }) =>
    `inga kännetecken: beskärningar hittas inte; en kopia bekräftas bara inom avstånd ${radius} med kvalitet ${quality}`,
  'picture-little': () =>
    'inga kännetecken: beskärningar hittas inte; en kopia avgörs av en människa',
  film: ({ count, share }) =>
    `film: bara hashvärden av bildrutor, tills hindra register --refresh ger den bilder ur scenerna; ${count} av dem i ordning bekräftar, ${share} % av båda filmerna`,
  'film-without-track': () =>
    'de kodade bilderna har ingen kontrollsumma, som hittar filmen i en annan fil: hindra register --refresh ger den en där de räcker till',
  'film-of-list': () =>
    'bildrutorna kom från en lista: en människa avgör, om inte två personer har godkänt listan',
  'browser-copies': ({ bits }) =>
    `hashad i en webbläsare: samma fil hittas; kopior inom ${bits} bitar avgörs av en människa, tills Hindra ser filen`,
  'browser-file': () =>
    'hashad i en webbläsare: samma fil hittas men ingen kopia, tills Hindra ser filen',
  'bits-little': ({ quality }) => `bara hashvärden, med kvalitet ${quality}: en människa avgör`,
  'bits-near': ({ radius, quality }) =>
    `bara hashvärden: bekräftas bara inom avstånd ${radius} med kvalitet ${quality}`,
  'bits-of-list': () =>
    'bara hashvärden: en människa avgör, om inte två personer har godkänt listan',
  bytes: () => 'bara kontrollsummor: samma fil hittas, men ingen kopia av den',
  weak: () => 'kontrollsummor som kan förfalskas, eller hashvärden från andra: en människa avgör',
}
