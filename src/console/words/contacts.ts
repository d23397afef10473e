import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'Contacts',
  hint: 'Whom look-ups found, and whom the house entered. Nothing leaves to one that waits or was refused.',
  firstSeen: 'Known since',
  decision: 'Decision',
  enter: 'Enter the social services of a municipality',
  enterHint:
    'A child in danger may be reported to them. Somebody else approves the address before anything leaves.',
  municipality: 'Municipality: its name or code',
  mail: 'Mail address',
  name: 'Name, where it is not “social services” and the municipality',
  enterGo: 'Enter it',
  keys: 'Who is written to in confidence',
  keysHint: 'By the settings (takedown.confidence).',
  address: 'Address',
  kind: 'How',
  kinds: {
    smime: 'encrypted (S/MIME)',
    openpgp: 'encrypted (OpenPGP)',
    'portal-only': 'through a portal alone, never by mail',
  },
  key: 'Fingerprint',
  ends: 'Ends',
  keyFaults: {
    'ends-soon': 'the key ends soon: letters wait for a person then',
    ended: 'the key has expired: letters wait for a person',
    'another-address': 'the key names another address',
  },
  states: { good: 'good', 'ends-soon': 'ends soon', ended: 'has ended: letters wait' },
  faults: 'What is wrong with it',
} as const

const sv: Same<typeof en> = {
  title: 'Kontakter',
  hint: 'De som uppslagningar har hittat, och de som verksamheten själv har fört in. Inget skickas till en som väntar eller har avvisats.',
  firstSeen: 'Känd sedan',
  decision: 'Beslut',
  enter: 'För in socialtjänsten i en kommun',
  enterHint: 'Dit kan ett barn i fara anmälas. Någon annan godkänner adressen innan något skickas.',
  municipality: 'Kommun: namn eller kod',
  mail: 'E-postadress',
  name: 'Namn, om det inte är ”socialtjänsten” och kommunen',
  enterGo: 'För in den',
  keys: 'Vilka vi skriver förtroligt till',
  keysHint: 'Enligt inställningarna (takedown.confidence).',
  address: 'Adress',
  kind: 'Hur',
  kinds: {
    smime: 'krypterat (S/MIME)',
    openpgp: 'krypterat (OpenPGP)',
    'portal-only': 'bara genom en portal, aldrig med e-post',
  },
  key: 'Fingeravtryck',
  ends: 'Går ut',
  keyFaults: {
    'ends-soon': 'nyckeln går snart ut: då väntar breven på en människa',
    ended: 'nyckeln har gått ut: breven väntar på en människa',
    'another-address': 'nyckeln är utfärdad för en annan adress',
  },
  states: { good: 'gäller', 'ends-soon': 'går snart ut', ended: 'har gått ut: breven väntar' },
  faults: 'Vad som är fel med den',
}

/** Contacts: approving them, entering those that no look-up finds, and who is written to in confidence. */
export const contacts: InBoth<typeof en> = { en, sv }
