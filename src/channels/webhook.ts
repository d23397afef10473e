import type { ChannelKind } from './kind.ts'

export interface WebhookChannel {
  readonly kind: 'webhook'
  readonly url: string
}

export const webhook: ChannelKind<WebhookChannel> = {
  key: ({ url }) => `webhook:${url}`,
  text: ({ url }) => url,
  words: { en: 'your webhook', sv: 'er webhook' },
  leaves: 'posted',
}
