/** What a tip without a URL is about, in the words of letters. */
export const TIP_CATEGORY_WORDS = {
  grooming: {
    sv: 'kontakt med ett barn i sexuellt syfte (grooming)',
    en: 'contact with a child for sexual purposes (grooming)',
  },
  'sexual-extortion': {
    sv: 'hot eller utpressning med bilder eller filmer (sexuell utpressning)',
    en: 'threats or extortion with pictures or films (sexual extortion)',
  },
  abuse: { sv: 'sexuella övergrepp mot ett barn', en: 'sexual abuse of a child' },
  'live-abuse': {
    sv: 'direktsända sexuella övergrepp mot barn',
    en: 'live-streamed sexual abuse of children',
  },
  purchase: {
    sv: 'köp av sexuella handlingar av ett barn',
    en: 'purchase of sexual acts from a child',
  },
  travel: {
    sv: 'resor för att begå sexuella övergrepp mot barn',
    en: 'travelling to abuse children sexually',
  },
  text: {
    sv: 'text som handlar om, eller leder till, sexuella övergrepp mot barn',
    en: 'text about sexual abuse of children, or that leads to it',
  },
  other: {
    sv: 'annat sexuellt utnyttjande av barn',
    en: 'other sexual exploitation of children',
  },
} as const

/** Where something was seen that has no URL. */
export const TIP_SEEN_IN_WORDS = {
  app: { sv: 'i en app', en: 'in an app' },
  chat: { sv: 'i en chatt', en: 'in a chat' },
  game: { sv: 'i ett spel', en: 'in a game' },
  call: { sv: 'i ett telefon- eller videosamtal', en: 'in a telephone or video call' },
  web: {
    sv: 'på en webbplats vars adress vi inte har',
    en: 'on a web site whose address we do not have',
  },
  offline: { sv: 'utanför nätet', en: 'off the net' },
} as const

export type TipCategory = keyof typeof TIP_CATEGORY_WORDS
export type TipSeenIn = keyof typeof TIP_SEEN_IN_WORDS

export const TIP_CATEGORIES = Object.keys(TIP_CATEGORY_WORDS) as [TipCategory, ...TipCategory[]]
export const TIP_SEEN_IN = Object.keys(TIP_SEEN_IN_WORDS) as [TipSeenIn, ...TipSeenIn[]]

/** Controls but for the end of a line and the tab, what turns the direction of writing, halves of a character. */
const UNSEEN = /[^\P{Cc}\n\t]|[\p{Bidi_Control}\p{Cs}\uFEFF]/gu
const LINE_ENDS = /\r\n?|[\u2028\u2029]/g

/** The words as they were written, without what nobody sees and what would show them as something else. */
export function legible(text: string): string {
  return text.replace(LINE_ENDS, '\n').replace(UNSEEN, '').trim()
}
