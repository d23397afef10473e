import type { ChannelKind } from './kind.ts'

export interface MailChannel {
  readonly kind: 'mail'
  readonly address: string
}

export const mail: ChannelKind<MailChannel> = {
  key: ({ address }) => `mail:${address.toLowerCase()}`,
  text: ({ address }) => address,
  words: { en: 'email', sv: 'e-post' },
  leaves: 'posted',
}
