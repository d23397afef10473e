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
}

/** The account of whoever has signed in. */
export const account: InBoth<typeof en> = { en, sv }
