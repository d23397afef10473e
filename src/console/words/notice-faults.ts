import { own } from '../../core/index.ts'
import type { NOTICE_FAULTS } from '../../takedown/index.ts'
import { ERRORS_SV } from './errors/index.ts'
import type { Same } from './in-both.ts'

const FACTS: Readonly<Record<string, string>> = {
  policeAgreedAt: 'polisen har ännu inte gått med på att den som äger webbplatsen underrättas',
  municipality: 'barnets kommun är inte känd',
  confidence:
    'det ska krypteras men kan inte det: ett certifikat eller en nyckel saknas eller har gått ut (takedown.confidence). Ta kontakt för hand',
  xarf: 'en XARF-anmälan gäller bara känt eller nybedömt Baseline-material, och det här är inte det: skicka ett mejl eller ta kontakt för hand',
  takenBack: 'varför det tas tillbaka är inte känt',
  first: 'brevet som det hänvisar till gick aldrig i väg',
}

/** Why a letter did not arrive, or does not leave, in Swedish; what the other side said stands beside, as it said it. */
export const NOTICE_FAULTS_SV: Same<typeof NOTICE_FAULTS> = {
  'way-out-away': () => 'Vår egen väg ut fungerar inte just nu.',
  'letter-deferred': () => 'Mottagaren tar inte emot det just nu: ett nytt försök görs.',
  'letter-refused': () => 'Mottagaren tog inte emot det.',
  'letter-unanswered': () => 'Det lämnades över, men inget svar kom: det kan ha kommit fram.',
  'came-back': () => 'Det kom tillbaka.',
  'facts-missing': ({ facts }) =>
    `Brevet väntar: ${facts
      .split(',')
      .map((fact) => own(FACTS, fact.replace(/^notices\./, '')) ?? `uppgiften ${fact} är inte känd`)
      .join('; ')}.`,
  'gone-before': () => 'Det fanns inte kvar när underrättelsen skulle gå i väg.',
  'host-not-found': ({ code }) =>
    `Värden gick inte att hitta. ${own(ERRORS_SV, code)?.meaning ?? code}`,
  'enough-today': () =>
    'Tillräckligt många mejl har gått till dem i dag (takedown.mailsPerRecipientDay).',
  'police-elsewhere': () => 'Polisen nås på en annan adress nu.',
  'told-others': () => 'Någon annan ska underrättas.',
  'address-approved': () => 'En adress har godkänts.',
  'contact-refused': () => 'En person har sagt nej till kontakten.',
  'letter-came-back': () => 'Det kom tillbaka.',
  'no-mail-there': () => 'Enligt takedown.confidence går inga mejl dit längre.',
  'key-over': () => 'Adressens nyckel (takedown.confidence) går inte längre att använda.',
}
