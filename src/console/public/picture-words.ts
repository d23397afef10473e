import type { Unhashed } from '../../fingerprint/index.ts'
import type { Language } from '../../takedown/index.ts'

/** Why a picture does not go along, said where it was chosen. */
export type PictureReason = Unhashed | 'too-many'

/** What the page for the public says of pictures of the sender. Whoever reads it may be a child. */
export interface PictureWords {
  readonly title: string
  /** What is so of every picture, said before one is chosen. */
  readonly before: readonly string[]
  readonly choose: string
  readonly without: string
  readonly closed: string
  readonly working: string
  /** Before the number of pictures whose hashes go along. */
  readonly made: string
  readonly reasons: Readonly<Record<PictureReason, string>>
  readonly refused: string
}

export const PICTURE_WORDS: Readonly<Record<Language, PictureWords>> = {
  sv: {
    title: 'Finns det en bild på dig?',
    before: [
      'Välj bara bilder på dig själv, aldrig på någon annan.',
      'Din webbläsare räknar ut fingeravtrycken här hos dig. Skicka aldrig själva bilden till någon.',
      'En människa läser det du skriver innan vi börjar leta. Vi berättar aldrig vad vi hittar, eller om vi kände till bilden.',
      'Det som vi bedömer som brott lämnar vi alltid till polisen.',
    ],
    choose: 'Välj bilder (högst 20)',
    without:
      'För fingeravtryck behövs JavaScript och en krypterad anslutning, och det finns inte här. Skicka inte bilden. Skriv i stället vad som har hänt, så svarar vi dig med koden som du får.',
    closed:
      'Just nu kan vi inte ta emot fingeravtryck av bilder. Skicka inte bilden. Skriv i stället vad som har hänt, så svarar vi dig med koden som du får.',
    working: 'Gör fingeravtryck …',
    made: 'Fingeravtryck som skickas med:',
    reasons: {
      unreadable:
        'Webbläsaren kan inte läsa den bilden. Finns den också som JPEG eller PNG, så prova den. Annars kan du skriva vad som har hänt.',
      heic: 'Webbläsaren kan inte läsa den bilden: telefonen har sparat den i sitt eget format (HEIC). Finns den också som JPEG eller PNG, så prova den. Annars kan du skriva vad som har hänt.',
      film: 'Det är en film, och den går inte att göra fingeravtryck av här. Skriv i stället vad som har hänt.',
      differs:
        'Den sortens bild läser webbläsare olika, så fingeravtrycket kunde bli fel. Finns den också som en vanlig JPEG eller PNG, så prova den. Annars kan du skriva vad som har hänt.',
      'too-large': 'Bilden är för stor för att läsas här. Prova en mindre kopia av den.',
      falsified:
        'Din webbläsare ändrar bilder när en sida läser dem, så fingeravtrycket skulle bli fel. Prova en annan webbläsare, eller skriv vad som har hänt.',
      unable:
        'Din webbläsare kan inte göra fingeravtryck. Prova en annan webbläsare, eller skriv vad som har hänt.',
      'too-many': 'Fler än 20 bilder går inte att skicka på en gång. Den här är inte med.',
    },
    refused: 'Fingeravtrycken gick inte att läsa. Välj bilderna en gång till.',
  },
  en: {
    title: 'Is there a picture of you?',
    before: [
      'Choose only pictures of yourself, never of anybody else.',
      'Your browser makes the fingerprints here, where you are. Never send the picture itself to anybody.',
      'A person reads what you write before we start to look. We never tell what we find, or whether we knew the picture.',
      'What we judge to be a crime we always hand to the police.',
    ],
    choose: 'Choose pictures (at most 20)',
    without:
      'Fingerprints need JavaScript and an encrypted connection, which are not there. Do not send the picture. Write what has happened instead, and we answer you by the code that you get.',
    closed:
      'Right now we cannot take fingerprints of pictures. Do not send the picture. Write what has happened instead, and we answer you by the code that you get.',
    working: 'Making fingerprints …',
    made: 'Fingerprints that are sent along:',
    reasons: {
      unreadable:
        'The browser cannot read that picture. If you have it as a JPEG or PNG too, try that one. Otherwise you can write what has happened.',
      heic: 'The browser cannot read that picture: the telephone has saved it in a format of its own (HEIC). If you have it as a JPEG or PNG too, try that one. Otherwise you can write what has happened.',
      film: 'This is a film, of which no fingerprint can be made here. Write what has happened instead.',
      differs:
        'Browsers read that kind of picture differently, so the fingerprint could be wrong. If you have it as a plain JPEG or PNG too, try that one. Otherwise you can write what has happened.',
      'too-large': 'The picture is too large to be read here. Try a smaller copy of it.',
      falsified:
        'Your browser changes pictures when a page reads them, so the fingerprint would be wrong. Try another browser, or write what has happened.',
      unable:
        'Your browser cannot make fingerprints. Try another browser, or write what has happened.',
      'too-many': 'No more than 20 pictures can be sent at once. This one is not among them.',
    },
    refused: 'The fingerprints could not be read. Choose the pictures once more.',
  },
}
