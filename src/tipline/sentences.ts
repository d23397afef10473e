import type { Language } from '../takedown/index.ts'

/**
 * What the sender of a tip is told of it: true whatever the register knows, and nothing of what was found, how often,
 * where or when. A tip with a URL is `received` for good, for what is known is answered by a machine and what is new by
 * a person: any other word would tell the two apart.
 */
export const TIPLINE_STATES = [
  'received',
  'handled',
  'own-received',
  'own-accepted',
  'own-declined',
  'own-withdrawn',
  'own-ended',
] as const

export type TiplineState = (typeof TIPLINE_STATES)[number]

/** The sentences for the public in one language; whoever reads them may be a child. */
export interface TiplineSentences {
  readonly states: Readonly<Record<TiplineState, string>>
  /** Above the receipt, the one time that it is shown. */
  readonly receipt: string
  /** Asks for the end of the receipt, so that nobody goes on without having kept it. */
  readonly lastFour: string
  readonly lastFourWrong: string
  readonly messageTaken: string
  readonly urlTaken: string
  readonly danger: string
  readonly fileStays: string
  readonly receiptUnknown: string
  readonly busy: string
  readonly sendAgain: string
  /** In place of the words that a child did not write. */
  readonly noWords: string
  readonly account: string
  readonly category: string
}

export const TIPLINE_SENTENCES: Readonly<Record<Language, TiplineSentences>> = {
  sv: {
    states: {
      received: 'Vi har fått ditt tips. Tack för att du berättade.',
      handled: 'Vi är klara med ditt tips. Tack för att du berättade.',
      'own-received': 'Vi har fått det du skickade, men vi är inte klara med det än.',
      'own-accepted':
        'Vi har läst det du skrev och sagt ja till att hjälpa dig. Vi kan inte lova att vi hittar något, och vi berättar inte här vad vi hittar. Du kan när som helst ändra dig.',
      'own-declined':
        'Vi kan inte leta efter det du skickade. Du får gärna skriva till oss här om du undrar varför eller vill berätta mer.',
      'own-withdrawn':
        'Du har ändrat dig, och det är helt okej. Det du skickade om dina bilder används inte längre när vi letar.',
      'own-ended':
        'Tiden för det du bad om är slut. Det du skickade om dina bilder används inte längre när vi letar. Vill du att vi fortsätter? Skicka det en gång till.',
    },
    receipt:
      'Det här är din kod. Skriv upp den nu. Vi kan inte visa den igen, och utan den kan du inte läsa våra svar.',
    lastFour: 'Skriv de fyra sista siffrorna i koden, så vet vi att du har den.',
    lastFourWrong: 'Det där stämmer inte med koden. Titta en gång till.',
    messageTaken: 'Vi har fått det du skrev.',
    urlTaken: 'Vi har fått länken.',
    danger: 'Är du eller någon annan i fara just nu? Ring 112.',
    fileStays:
      'Bilden stannar hos dig. Vi får bara ett slags fingeravtryck av den, aldrig själva bilden.',
    receiptUnknown:
      'Vi hittar inget med den koden. Kontrollera alla siffror. Stämmer de, så har vi inte kvar det du skickade.',
    busy: 'Just nu kommer det in mer än vi kan ta emot. Försök igen om en stund.',
    sendAgain: 'Det gick inte att skicka. Vänta en liten stund och försök en gång till.',
    noWords: 'Den som skickade det här har inte skrivit något.',
    account: 'Konto',
    category: 'Det gäller',
  },
  en: {
    states: {
      received: 'We have your tip. Thank you for telling us.',
      handled: 'We are done with your tip. Thank you for telling us.',
      'own-received': 'We have what you sent, but we are not done with it yet.',
      'own-accepted':
        'We have read what you wrote, and said yes to helping you. We cannot promise that we find anything, and we do not tell here what we find. You can change your mind at any time.',
      'own-declined':
        'We cannot look for what you sent. You are welcome to write to us here if you wonder why, or want to tell us more.',
      'own-withdrawn':
        'You changed your mind, and that is quite all right. What you sent about your pictures is no longer used when we look.',
      'own-ended':
        'The time for what you asked is over. What you sent about your pictures is no longer used when we look. Do you want us to go on? Send it once more.',
    },
    receipt:
      'This is your code. Write it down now. We cannot show it again, and without it you cannot read our answers.',
    lastFour: 'Type the last four digits of the code, so that we know you have it.',
    lastFourWrong: 'That is not how the code ends. Have another look.',
    messageTaken: 'We have what you wrote.',
    urlTaken: 'We have the link.',
    danger: 'Are you or somebody else in danger right now? Call 112.',
    fileStays:
      'The picture stays with you. We only get a kind of fingerprint of it, never the picture itself.',
    receiptUnknown:
      'We find nothing with that code. Check all the digits. If they are right, we no longer have what you sent.',
    busy: 'More is coming in right now than we can take. Please try again in a while.',
    sendAgain: 'It could not be sent. Wait a little while and try once more.',
    noWords: 'Whoever sent this wrote nothing.',
    account: 'Account',
    category: 'About',
  },
}
