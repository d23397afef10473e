import type { InBoth, Same } from './in-both.ts'

const en = {
  by: (name: string, until: string) => `${name} works on it until ${until}.`,
  you: (until: string) => `You work on it until ${until}.`,
  free: 'Nobody works on it.',
  take: 'Take it',
  putBack: 'Put it back',
} as const

const sv: Same<typeof en> = {
  by: (name, until) => `${name} arbetar med det till ${until}.`,
  you: (until) => `Du arbetar med det till ${until}.`,
  free: 'Ingen arbetar med det.',
  take: 'Ta det',
  putBack: 'Lägg tillbaka',
}

/** Who works on a tip or a case. */
export const held: InBoth<typeof en> = { en, sv }
