/** What is there, where the media is present or gone. */
export const SEEN_CAUSES = [
  'same-file',
  'same-media',
  'media',
  'account',
  'not-found',
  'removal-page',
  'placeholder',
  'other-media',
  'parked',
  'person',
  'as-answered',
] as const

/** What kept a look from telling, by name. */
export const BARRIERS = [
  'login',
  'captcha',
  'geo-block',
  'block-page',
  'referrer-cloaking',
  'legal-block',
  'forbidden',
  'rate-limit',
  'server-error',
  'status',
  'time-out',
  'name',
  'connection',
  'tls',
  'address',
  'own-line',
  'vantages-differ',
  'no-media',
  'too-large',
  'unreadable',
  'alike',
  'other-item',
  'front-page',
  'not-named',
  'nothing-known',
] as const
export type Barrier = (typeof BARRIERS)[number]
export type LookCause = (typeof SEEN_CAUSES)[number] | Barrier
