import type { InBoth, Same } from './in-both.ts'

const en = {
  signIn: 'Sign in',
  name: 'Pseudonym',
  password: 'Password',
  code: 'Six digits of your second factor, or a recovery code',
  go: 'Sign in',
  invited: 'Somebody invited you? Start here.',
  refused: 'That did not work. Name, password or code is wrong, or the code was used already.',
  ended: 'Your session has ended. Sign in again; what you were working on is still yours.',
  welcome: 'Welcome',
  welcomeIntro: 'Type the code of your invitation.',
  invitation: 'Code of the invitation',
  continue: 'Go on',
  enrol: 'Set your password and second factor',
  enrolIntro:
    'Add this secret to the app that makes your codes, then type a password of at least 12 characters and the code that the app shows.',
  picture: 'The secret as a picture for the app',
  secret: 'Secret',
  totp: 'Six digits that the app shows',
  enrolGo: 'Set and sign in',
  recovery: 'Recovery codes',
  recoveryIntro:
    'Each stands for the second factor once. They are shown now and never again: write them down and keep them apart from the computer.',
  recoveryDone: 'I have written them down',
  prove: 'Once more, your second factor',
  proveIntro: 'What you are about to do binds the hotline.',
  proveGo: 'Go on',
  proveBack: 'Back, without doing it',
  proveRefused: 'That code does not open this, or was used already. Wait for the next one.',
  openidGo: (provider: string) => `Sign in by ${provider}`,
  openidProve: (provider: string) =>
    `Show it to ${provider} instead: you come back to the page before, and do it there again.`,
  openidReturn: 'Go on to Hindra',
  openidRefused:
    'That did not work. Nobody here is linked to that account, or two factors were not shown just now.',
  openidDown: 'The provider does not answer. Sign in by your password instead.',
  passkeyGo: 'Use a passkey',
  passkeyOr: 'Or without a passkey:',
  passkeyFailed: 'No passkey was shown. Try again, or go on without one.',
  passkeyRefused: 'That passkey does not open this. Try again, or go on without one.',
  passkeyNew: 'Add a passkey',
  passkeyIntro:
    'A passkey is kept by your telephone, computer or security key, and asks for its PIN, your finger or your face. It stands for password and second factor, on this console alone.',
  passkeyName: 'What you call it',
  passkeyHint: 'So that you know which one to remove: “work laptop”, “blue key”.',
  passkeyMake: 'Make it',
  passkeyLacking:
    'This browser cannot make one here: it has no passkeys, runs no script, or does not reach the console by a secure address.',
  passkeyBack: 'Back to my account',
} as const

const sv: Same<typeof en> = {
  signIn: 'Logga in',
  name: 'Pseudonym',
  password: 'Lösenord',
  code: 'Sex siffror från din andra faktor, eller en reservkod',
  go: 'Logga in',
  invited: 'Har du blivit inbjuden? Börja här.',
  refused: 'Det gick inte. Namn, lösenord eller kod stämmer inte, eller så är koden redan använd.',
  ended: 'Du har loggats ut. Logga in igen; det du arbetade med är kvar hos dig.',
  welcome: 'Välkommen',
  welcomeIntro: 'Skriv koden från din inbjudan.',
  invitation: 'Inbjudans kod',
  continue: 'Vidare',
  enrol: 'Välj lösenord och andra faktor',
  enrolIntro:
    'Lägg in hemligheten i appen som gör dina koder. Skriv sedan ett lösenord på minst 12 tecken och koden som appen visar.',
  picture: 'Hemligheten som bild för appen',
  secret: 'Hemlighet',
  totp: 'Sex siffror som appen visar',
  enrolGo: 'Spara och logga in',
  recovery: 'Reservkoder',
  recoveryIntro:
    'Var och en ersätter den andra faktorn en gång. De visas nu och aldrig mer: skriv ner dem och förvara dem inte vid datorn.',
  recoveryDone: 'Jag har skrivit ner dem',
  prove: 'Din andra faktor en gång till',
  proveIntro: 'Det du ska göra binder organisationen.',
  proveGo: 'Vidare',
  proveBack: 'Tillbaka utan att göra det',
  proveRefused: 'Den koden gäller inte, eller så är den redan använd. Vänta på nästa.',
  openidGo: (provider) => `Logga in med ${provider}`,
  openidProve: (provider) =>
    `Visa den för ${provider} i stället: du kommer tillbaka till sidan före och gör om det där.`,
  openidReturn: 'Vidare till Hindra',
  openidRefused:
    'Det gick inte. Ingen här är kopplad till det kontot, eller så visades inte två faktorer nyss.',
  openidDown: 'Tjänsten svarar inte. Logga in med lösenord i stället.',
  passkeyGo: 'Använd en passnyckel',
  passkeyOr: 'Eller utan passnyckel:',
  passkeyFailed: 'Ingen passnyckel visades. Försök igen, eller fortsätt utan.',
  passkeyRefused: 'Den passnyckeln gäller inte här. Försök igen, eller fortsätt utan.',
  passkeyNew: 'Lägg till en passnyckel',
  passkeyIntro:
    'En passnyckel finns i din telefon, din dator eller en säkerhetsnyckel och frågar efter dess PIN-kod, ditt finger eller ditt ansikte. Den ersätter lösenord och andra faktor, bara här i konsolen.',
  passkeyName: 'Vad du kallar den',
  passkeyHint: 'Så att du vet vilken du ska ta bort: ”jobbdatorn”, ”den blå nyckeln”.',
  passkeyMake: 'Skapa den',
  passkeyLacking:
    'Den här webbläsaren kan inte skapa någon här: den saknar passnycklar, kör inga skript eller når inte konsolen via en säker adress.',
  passkeyBack: 'Tillbaka till mitt konto',
}

/** Signing in. */
export const door: InBoth<typeof en> = { en, sv }
