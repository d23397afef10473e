import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'Whoever told',
  intro: (language: string) =>
    `They gave no name, and read an answer by their receipt alone. They read ${language}.`,
  languages: { sv: 'Swedish', en: 'English' },
  notKept:
    'They have not shown that they kept the receipt: it may be that nobody ever reads an answer.',
  none: 'Nothing has been written since.',
  from: 'Whoever told',
  own: 'What the child asks for itself',
  ownStates: {
    asked: 'That its pictures are looked for. Nobody has said yet whether they are.',
    'held-back':
      'That its pictures are looked for. More children asked that day than the house lets through: a person reads this one first.',
    accepted: 'Its pictures are looked for. A hit is decided by a person.',
    declined: 'Its pictures are not looked for.',
    withdrawn: 'It took its request back: nothing of it is looked for.',
    ended: 'Its pictures were looked for as long as the house does.',
  },
  acceptHint: 'Hindra has their hashes alone, and nobody has seen them.',
  accept: 'Have them looked for',
  decline: 'Not, or no longer',
  declineGo: 'Do not look for them',
  answer: 'Write an answer',
  answerHint: 'Never write whether we know a picture, or what a tip led to.',
  answerGo: 'Answer',
  heard: 'There is nothing to answer',
} as const

const sv: Same<typeof en> = {
  title: 'Den som tipsade',
  intro: (language) =>
    `Den har inte sagt sitt namn och läser svar bara med sin kod. Den läser ${language}.`,
  languages: { sv: 'svenska', en: 'engelska' },
  notKept:
    'Den har inte visat att koden finns kvar: det kan hända att ingen någonsin läser ett svar.',
  none: 'Inget har skrivits sedan dess.',
  from: 'Den som tipsade',
  own: 'Vad barnet ber om för egen del',
  ownStates: {
    asked: 'Att vi letar efter dess bilder. Ingen har ännu sagt om vi gör det.',
    'held-back':
      'Att vi letar efter dess bilder. Fler barn bad den dagen än verksamheten släpper igenom: en människa läser det här först.',
    accepted: 'Vi letar efter dess bilder. En träff avgörs av en människa.',
    declined: 'Vi letar inte efter dess bilder.',
    withdrawn: 'Barnet har tagit tillbaka det: vi letar inte efter något av det.',
    ended: 'Vi har letat efter dess bilder så länge som verksamheten gör.',
  },
  acceptHint: 'Hindra har bara bildernas hashvärden, och ingen har sett dem.',
  accept: 'Leta efter dem',
  decline: 'Inte, eller inte längre',
  declineGo: 'Leta inte efter dem',
  answer: 'Skriv ett svar',
  answerHint: 'Skriv aldrig om vi känner till en bild eller vad ett tips har lett till.',
  answerGo: 'Svara',
  heard: 'Det finns inget att svara',
}

/** What is written with whoever told a tip, and what a child asks for itself. */
export const sender: InBoth<typeof en> = { en, sv }
