import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'What waits for a person',
  ends: 'What ends it',
  markDone: 'It is done',
  urgent: 'urgent',
  kinds: {
    iccam: 'The line to ICCAM does not go',
    key: 'A key of a contact ends',
    'police-mail': 'A mail of the police that cites no letter',
    tip: 'A tip that the police are told by hand',
    undelivered: 'A notice that reached nobody',
    notice: 'A notice that a person sends',
    reply: 'An answer to a notice',
    'sister-mail': 'Mails of sister hotlines',
    objection: 'An objection',
    answer: 'An answer to an objection that a person sends',
    export: 'A file that somebody carries',
    mailbox: 'Mails that nobody could sort',
    dossier: 'A dossier that another person releases',
    'tip-message': 'Whoever tipped has written',
    'own-request': 'A child asks for itself',
    'own-requests': 'More requests of children than a day takes',
    'skipped-tip': 'A tip that several skipped, or that must not be left lying',
    'skipped-case': 'A case that several skipped, or that must not be left lying',
  },
} as const

const sv: Same<typeof en> = {
  title: 'Att göra för hand',
  ends: 'Så blir det klart',
  markDone: 'Det är gjort',
  urgent: 'brådskar',
  kinds: {
    iccam: 'Förbindelsen till ICCAM ligger nere',
    key: 'En kontakts nyckel går ut',
    'police-mail': 'Ett mejl från polisen som inte nämner något brev',
    tip: 'Ett tips som polisen får för hand',
    undelivered: 'En underrättelse som inte nådde någon',
    notice: 'En underrättelse som en människa skickar',
    reply: 'Ett svar på en underrättelse',
    'sister-mail': 'Mejl från systerorganisationer',
    objection: 'En invändning',
    answer: 'Ett svar på en invändning som en människa skickar',
    export: 'En fil som någon ska lämna över',
    mailbox: 'Mejl som inte gick att sortera',
    dossier: 'Ett underlag som en annan person ska lämna ut',
    'tip-message': 'Den som tipsade har skrivit',
    'own-request': 'Ett barn ber för egen del',
    'own-requests': 'Fler barn har bett än en dag rymmer',
    'skipped-tip': 'Ett tips som flera har hoppat över, eller som inte får bli liggande',
    'skipped-case': 'Ett ärende som flera har hoppat över, eller som inte får bli liggande',
  },
}

/** What waits for a person beside tips and decisions. */
export const waiting: InBoth<typeof en> = { en, sv }
