import type { ChannelKind } from './kind.ts'

/** A file for INTERPOL: of one record, or of a day. */
export interface InterpolChannel {
  readonly kind: 'interpol-export'
}

export const interpolExport: ChannelKind<InterpolChannel> = {
  key: () => 'interpol',
  text: () => 'file for INTERPOL',
  words: { en: 'a file for INTERPOL', sv: 'en fil till INTERPOL' },
  leaves: 'file',
}
