import type { ErrorMeaning } from './entry.ts'

/** Who somebody is, and what they may. */
export const ACCESS_ERRORS = {
  UNAUTHENTICATED: {
    status: 401,
    exit: 3,
    meaning:
      'No key, an unknown key, or one that was revoked; in a browser, a sign-in that failed or a session that has ended.',
    remedy:
      'Set HINDRA_KEY to your personal key; `hindra keys create` makes one. In a browser, sign in again; who has lost password or second factor asks an admin for `hindra people invite`.',
  },
  STEP_UP_NEEDED: {
    status: 403,
    exit: 3,
    meaning: 'The act binds the hotline, and the second factor was not shown in the last minutes.',
    remedy:
      'Give the code of your second factor, or a passkey, once more (`sessions.freshMinutes`), then repeat the act.',
  },
  OPENID_UNREACHABLE: {
    status: 502,
    exit: 6,
    meaning: 'The provider of OpenID Connect cannot be reached, or answers what it should not.',
    remedy:
      'Sign in by password and second factor, or by a passkey. Who runs the server looks at `openid.issuer`, and whether the provider answers there.',
  },
  FORBIDDEN: {
    status: 403,
    exit: 3,
    meaning: 'None of your roles allows this.',
    remedy: 'Ask an admin for the role that the message names.',
  },
} as const satisfies Record<string, ErrorMeaning>
