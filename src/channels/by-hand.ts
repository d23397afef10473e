import type { ChannelKind } from './kind.ts'

/** A person tells it: by telephone, through a portal, with the form of a platform. */
export interface HandChannel {
  readonly kind: 'by-hand'
  readonly form?: string
}

export const byHand: ChannelKind<HandChannel> = {
  key: ({ form }, role) => `by-hand:${form ?? role}`,
  text: ({ form }) => (form === undefined ? 'by hand' : `by hand: ${form}`),
  words: { en: 'telephone or form', sv: 'telefon eller formulär' },
  leaves: 'by-person',
}
