import type { Sentences } from '../sentence.ts'

/** What is refused to somebody for who they are, or for how they sign in. */
export const PEOPLE_REFUSALS = {
  'needs-role': ({ permission, roles }: { readonly permission: string; readonly roles: string }) =>
    `${permission} needs one of the roles: ${roles}`,
  'needs-permission': ({ permission }: { readonly permission: string }) => `needs ${permission}`,
  'factor-again': () => 'this takes the code of your second factor once more',
  'pseudonym-taken': ({ pseudonym }: { readonly pseudonym: string }) =>
    `the pseudonym ${pseudonym} is taken`,
  'role-to-oneself': ({ role, how }: { readonly role: string; readonly how: string }) =>
    `nobody makes themselves ${role}: ${how}`,
  'person-inactive': ({ pseudonym }: { readonly pseudonym: string }) =>
    `the person ${pseudonym} is not active`,
  'owner-of-machine': () => 'owner: only a machine has one',
  'role-of-persons': ({ role }: { readonly role: string }) => `a machine cannot be ${role}`,
  'key-ended': ({ key, how }: { readonly key: string; readonly how: string }) =>
    `the key ${key} is ${how}`,
  'key-beyond': ({ role }: { readonly role: string }) => `roles: the person is not ${role}`,
  'password-old': () => 'old: is not your password',
  'password-short': ({ least }: { readonly least: number }) =>
    `password: takes at least ${least} characters; several words are easily kept in mind`,
  'password-long': ({ most }: { readonly most: number }) =>
    `password: takes at most ${most} characters`,
  'password-repeats': () => 'password: repeats a few characters',
  'password-common': () => 'password: is one of the commonest there are',
  'password-name': () => 'password: is your name',
  'factor-none': () =>
    'you have no password and second factor here: an admin invites you to set them',
  'session-ended': () => 'the session has ended: sign in again',
  'sign-in-failed': () => 'name, password or code is wrong, or has ended',
  'tries-many': () => 'too many tries: wait before the next one',
  'totp-wrong': () => 'totp: is not the code of the second factor that was shown last',
  'person-is-machine': ({ pseudonym }: { readonly pseudonym: string }) =>
    `person: ${pseudonym} is a machine, which signs in by a key`,
  'label-long': ({ most }: { readonly most: number }) => `label: takes up to ${most} characters`,
  'passkeys-enough': ({ count }: { readonly count: number }) =>
    `you have ${count} passkeys, as many as one may have: remove one first`,
  'passkey-name': ({ most }: { readonly most: number }) => `name: takes 1 to ${most} characters`,
  'passkey-unfit': () =>
    'registration: is no new passkey of this console, or was asked for too long ago: begin again',
  'view-name': () => 'you have a view of that name',
  'views-enough': ({ most }: { readonly most: number }) =>
    `you have ${most} views (sessions.viewsMax): remove one first`,
  'openid-taken': () => 'subject: is another person already',
  'form-of-session': () => 'the form is not of this session: open its page again',
  'form-elsewhere': () => 'the form was sent from another site',
  'file-none': () => 'there is no such file',
} as const satisfies Sentences
