import type { ChannelKind } from './kind.ts'

/** The abuse-report APIs that there is a carrier for, and how many URLs one report of each takes. */
export const API_URLS_MAX = { 'cloudflare-abuse': 10, 'aws-abuse-signal': 1 } as const

export type ApiName = keyof typeof API_URLS_MAX

// Keys of an object are strings to TypeScript, whatever its type says.
export const API_NAMES = Object.keys(API_URLS_MAX) as readonly ApiName[]

/** An abuse-report API of its own kind; accounts and tokens are settings. */
export interface ApiChannel {
  readonly kind: 'http-api'
  readonly api: ApiName
}

export const httpApi: ChannelKind<ApiChannel> = {
  key: ({ api }) => `api:${api}`,
  text: ({ api }) => api,
  words: { en: 'your API for reports', sv: 'ert API för anmälningar' },
  leaves: 'posted',
}
