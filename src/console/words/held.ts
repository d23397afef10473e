import type { InBoth, Same } from './in-both.ts'

const en = {
  by: (name: string, until: string) => `${name} works on it until ${until}.`,
  you: (until: string) => `You work on it until ${until}.`,
  free: 'Nobody works on it.',
  formWaits: 'It is theirs to judge: once it is free, this page has the form for it.',
  take: 'Take it',
  putBack: 'Put it back',
  accept: 'Take it over',
  offeredYou: 'It is offered to you.',
  skip: 'Skip it',
  skipWhy: 'Why do you leave it to others?',
  skipHint:
    'It keeps its place in the queue for others, and is not offered to you for a while. Colleagues see that you skipped it, and why.',
  skipRaised:
    'A child asks, or may be in danger now: whoever is on duty is told at once that it was skipped.',
  skipGo: 'Leave it to others',
  skipped: (people: number) => (people === 1 ? 'One person skipped it:' : `${people} skipped it:`),
  skips: {
    language: 'the language',
    knowledge: 'it takes what another knows',
    conflict: 'it concerns people I know',
    break: 'I need a break from this',
    technical: 'something technical',
    other: 'something else',
  },
} as const

const sv: Same<typeof en> = {
  by: (name, until) => `${name} arbetar med det till ${until}.`,
  you: (until) => `Du arbetar med det till ${until}.`,
  free: 'Ingen arbetar med det.',
  formWaits:
    'Det är den personens att bedöma: när det är ledigt finns formuläret på den här sidan.',
  take: 'Ta det',
  putBack: 'Lägg tillbaka',
  accept: 'Ta över det',
  offeredYou: 'Du erbjuds att ta över det.',
  skip: 'Hoppa över',
  skipWhy: 'Varför lämnar du det till andra?',
  skipHint:
    'Det behåller sin plats i kön för andra och erbjuds inte dig på ett tag. Kollegerna ser att du har hoppat över det och varför.',
  skipRaised:
    'Ett barn ber om hjälp eller kan vara i fara nu: den som har jour får genast veta att det har hoppats över.',
  skipGo: 'Lämna det till andra',
  skipped: (people) =>
    people === 1 ? 'En person har hoppat över det:' : `${people} har hoppat över det:`,
  skips: {
    language: 'språket',
    knowledge: 'det kräver någon annans kunskap',
    conflict: 'det rör någon jag känner',
    break: 'jag behöver en paus från sådant',
    technical: 'tekniskt hinder',
    other: 'något annat',
  },
}

/** Who works on a tip or a case. */
export const held: InBoth<typeof en> = { en, sv }
