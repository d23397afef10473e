import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'My account',
  roles: 'Roles',
  sessions: 'Where you are signed in',
  browser: 'Browser',
  unnamed: 'not named',
  since: 'Signed in',
  lastUsed: 'Last used',
  ends: 'Ends',
  end: 'End it',
  password: 'Password',
  old: 'The one you have',
  new: 'The new one, 12 characters or more',
  passwordGo: 'Change it',
  recoveryHint: 'Ten new codes; the old ones open nothing any more.',
  recoveryGo: 'Make new recovery codes',
  passkeys: 'Passkeys',
  passkeysHint:
    'A passkey stands for password and second factor. Both stay, for the day it is lost.',
  passkeysNone: 'You have none.',
  passkeysOff: 'New ones cannot be added: no secure address of the console is set.',
  passkey: 'Passkey',
  added: 'Added',
  remove: 'Remove',
  removeIt: 'Remove it',
  never: 'never',
  passkeyAdd: 'Add a passkey',
} as const

const sv: Same<typeof en> = {
  title: 'Mitt konto',
  roles: 'Roller',
  sessions: 'Här är du inloggad',
  browser: 'Webbläsare',
  unnamed: 'utan namn',
  since: 'Inloggad',
  lastUsed: 'Senast använd',
  ends: 'Går ut',
  end: 'Logga ut den',
  password: 'Lösenord',
  old: 'Det du har nu',
  new: 'Det nya, minst 12 tecken',
  passwordGo: 'Byt',
  recoveryHint: 'Tio nya koder; de gamla slutar gälla.',
  recoveryGo: 'Gör nya reservkoder',
  passkeys: 'Passnycklar',
  passkeysHint:
    'En passnyckel ersätter lösenord och andra faktor. Båda finns kvar, om den skulle försvinna.',
  passkeysNone: 'Du har inga.',
  passkeysOff: 'Det går inte att lägga till nya: ingen säker adress till konsolen är angiven.',
  passkey: 'Passnyckel',
  added: 'Tillagd',
  remove: 'Ta bort',
  removeIt: 'Ta bort den',
  never: 'aldrig',
  passkeyAdd: 'Lägg till en passnyckel',
}

/** The account of whoever has signed in. */
export const account: InBoth<typeof en> = { en, sv }
