import type { SaidRefusals } from './said.ts'

/** What is refused to somebody for who they are, or for how they sign in. */
export const people = {
  'needs-role': ({ roles }) => `Det kräver någon av rollerna ${roles}.`,
  'needs-permission': ({ permission }) => `Det kräver behörigheten ${permission}.`,
  'factor-again': () => 'Det här kräver koden för din andra faktor en gång till.',
  'pseudonym-taken': ({ pseudonym }) => `Pseudonymen ${pseudonym} är upptagen.`,
  'role-to-oneself': ({ role }) =>
    `Ingen ger sig själv rollen ${role}: en annan administratör gör det, eller den som driver servern.`,
  'person-inactive': ({ pseudonym }) => `${pseudonym} är inte aktiv.`,
  'owner-of-machine': () => 'Bara en maskin har någon som ansvarar för den.',
  'role-of-persons': ({ role }) => `En maskin kan inte ha rollen ${role}.`,
  'key-ended': () => 'Nyckeln gäller inte längre.',
  'key-beyond': ({ role }) =>
    `Personen har inte rollen ${role}: en nyckel ger aldrig mer än personen har.`,
  'password-old': () => 'Det är inte ditt lösenord.',
  'password-short': ({ least }) =>
    `Lösenordet måste ha minst ${least} tecken; flera ord är lätta att minnas.`,
  'password-long': ({ most }) => `Lösenordet får ha högst ${most} tecken.`,
  'password-repeats': () => 'Lösenordet upprepar några få tecken.',
  'password-common': () => 'Lösenordet är ett av de allra vanligaste.',
  'password-name': () => 'Lösenordet är ditt namn.',
  'factor-none': () =>
    'Du har inget lösenord och ingen andra faktor här: be en administratör om en inbjudan.',
  'session-ended': () => 'Du är inte längre inloggad: logga in igen.',
  'sign-in-failed': () => 'Namnet, lösenordet eller koden är fel eller gäller inte längre.',
  'tries-many': () => 'För många försök: vänta före nästa.',
  'totp-wrong': () => 'Koden är inte den som hör till den andra faktor som visades senast.',
  'person-is-machine': ({ pseudonym }) => `${pseudonym} är en maskin, som loggar in med en nyckel.`,
  'label-long': ({ most }) => `Namnet får ha högst ${most} tecken.`,
  'passkeys-enough': ({ count }) =>
    `Du har ${count} passnycklar, som är det mesta: ta bort en först.`,
  'passkey-name': ({ most }) => `Namnet ska ha 1 till ${most} tecken.`,
  'passkey-unfit': () =>
    'Det är ingen ny passnyckel för den här platsen, eller så tog det för lång tid: börja om.',
  'view-name': () => 'Du har redan en vy med det namnet.',
  'views-enough': ({ most }) => `Du har ${most} vyer, som är det mesta: ta bort en först.`,
  'openid-taken': () => 'Det kontot hör redan till en annan person.',
  'form-of-session': () => 'Formuläret hör inte till den här inloggningen: öppna sidan igen.',
  'form-elsewhere': () => 'Formuläret skickades från en annan webbplats.',
  'file-none': () => 'Det finns ingen sådan fil.',
} as const satisfies SaidRefusals
