import type { SaidRefusals } from './said.ts'

/** What known material, lists, exchanges, reports and looks do not allow. */
export const known = {
  'item-none': ({ id }) => `Inget känt material har id:t ${id}.`,
  'entry-none': () => 'Det finns ingen sådan uppgift om materialet.',
  'item-transition': () => 'Materialet är i ett läge som inte tillåter det.',
  'copy-another': () => 'Din fil är inte den som föreslogs.',
  'copy-contradicts': () =>
    'Din fil har den kontrollsumma som föreslogs men ett annat PDQ-värde: en av de två har hashats fel, eller så hör de föreslagna hashvärdena till två olika bilder.',
  'verify-by-person': () => 'Bara en person kan bekräfta känt material.',
  'verify-second': () =>
    'En andra person bekräftar: den som föreslog materialet kan inte göra det.',
  'verify-machine': () =>
    'En andra person bekräftar: ingen ansvarar för maskinen som föreslog det, och du har redan bekräftat det.',
  'retract-second': () =>
    'En andra person återtar det: den som ifrågasatte ett bekräftat material kan inte göra det.',
  'assessed-by-hashes': () =>
    'Det kom med bara hashvärden, och ingen kan säga vilken fil två personer har bedömt: registrera själva filen.',
  'assessed-by-none': () => 'Två personer har inte bedömt just den här filen lika.',
  'assessed-otherwise': () => 'De som bedömde just den här filen kom fram till en annan klass.',
  'assessed-by-one': () =>
    'De två som bedömde just den här filen räknas inte längre som två skilda personer.',
  'list-exists': ({ name }) => `Det finns redan en lista som heter ${name}.`,
  'list-none': ({ name }) => `Det finns ingen lista som heter ${name}.`,
  'list-vetted': ({ persons }) => `${persons} personer har redan godkänt den.`,
  'list-vet-second': () => 'Du har redan godkänt den: det krävs en andra person.',
  'list-unvetted': () => 'Ingen har godkänt den.',
  'list-vet-person': () => 'Bara en person kan godkänna en lista.',
  'list-of-children': ({ name }) => `${name} fylls bara av det barn själva ber om.`,
  'items-one': () => 'De två är redan ett och samma material.',
  'item-retracted': ({ id }) => `Materialet ${id} är återtaget.`,
  'items-apart': ({ other, id }) => `Materialet ${other} är inte sammanfört med ${id}.`,
  'item-lost-proposed': ({ id }) =>
    `Materialet ${id} är bara föreslaget och skulle inte längre hittas: bekräfta det först, eller återta det.`,
  'item-lost-allowed': ({ id }) =>
    `Materialet ${id} skulle inte längre hittas: det andra står på listan över det ofarliga.`,
  'quarantine-none': () => 'Materialet är inte i karantän.',
  'listed-already': ({ list, id }) => `Listan ${list} har det redan, som ${id}.`,
  'bytes-listed': ({ list, id }) => `Samma fil står redan i listan ${list}, som ${id}.`,
  'findings-open': () =>
    'Se först på det som kontrollerna fann, och kryssa i att du har gjort det.',
  'opinion-by-person': () => 'Bara en person kan ha en åsikt om en uppgift.',
  'opinions-enough': ({ most }) => `Uppgiften har redan ${most} åsikter.`,
  'entries-several': ({ ids }) => `Det finns flera uppgifter om materialet: ${ids}`,
  'copies-limit': ({ most }) => `Högst ${most} kopior av samma material jämförs på en timme.`,
  'item-unseen': ({ id }) => `Du har inte sett ${id} som det är nu.`,
  'source-none': ({ list }) => `Listan ${list} fylls inte av något utbyte.`,
  'data-key-others': ({ others }) =>
    `Andra servrar har datat öppet (${others}): ange en fil med --out, lägg den på var och en och avsluta sedan.`,
  'source-runs': ({ list }) => `Utbytet för ${list} hämtas redan.`,
  'source-fills': ({ list }) => `Listan ${list} fylls av sitt utbyte.`,
  'vote-not-waiting': () => 'Åsikten behöver inte skickas igen.',
  'iccam-none': () => 'Ingen förbindelse med ICCAM är inställd (iccam.url).',
  'iccam-not-waiting': () => 'Inget av det väntar på en människa.',
  'sister-mail-urlless': () => 'I mejlet finns ingen URL som gick att läsa: ange den.',
  'period-open': ({ period }) => `${period} är inte slut: perioden stängs efteråt.`,
  'period-closed': ({ period }) => `${period} är redan stängd och stämmer.`,
  'period-unpublished': ({ period }) => `${period} är inte slut: perioden publiceras efteråt.`,
  'period-of-report': ({ report, period }) =>
    `${report} publiceras per ${period === 'year' ? 'år' : 'kvartal'}: med fler perioder skulle dolda tal kunna räknas fram.`,
  'host-unknown': () => 'Ingen värd med det id:t är känd.',
  'look-step': () => 'Titta först på den lilla grå bilden: den hör till ett tidigare steg.',
  'look-limit-looks': () => 'Du har tittat så många gånger som en person får på en dag.',
  'look-limit-hours': () => 'Du har arbetat så länge som en person får titta på en dag.',
  'look-limit-break': () => 'Det är dags för en paus.',
} as const satisfies SaidRefusals
