import type { ChannelKind } from './kind.ts'

/** The file of the day for INTERPOL. */
export interface InterpolChannel {
  readonly kind: 'interpol-export'
}

export const interpolExport: ChannelKind<InterpolChannel> = {
  key: () => 'interpol',
  text: () => 'file of the day',
  words: { en: 'the file of the day', sv: 'dagens fil' },
  leaves: 'file',
}
