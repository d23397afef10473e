import type { ChannelKind } from './kind.ts'

/** An abuse-report API of its own kind; accounts and tokens are settings. */
export interface ApiChannel {
  readonly kind: 'http-api'
  readonly api: 'cloudflare-abuse'
}

export const httpApi: ChannelKind<ApiChannel> = {
  key: ({ api }) => `api:${api}`,
  text: ({ api }) => api,
  words: { en: 'your API for reports', sv: 'ert API för anmälningar' },
  leaves: 'posted',
}
