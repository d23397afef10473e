import type { ChannelKind } from './kind.ts'

/** An ICCAM-shaped export for the INHOPE hotline of a country. */
export interface IccamChannel {
  readonly kind: 'iccam-export'
  readonly country: string
}

export const iccamExport: ChannelKind<IccamChannel> = {
  key: ({ country }) => `iccam:${country}`,
  text: ({ country }) => `ICCAM export (${country})`,
  words: { en: 'a file for ICCAM', sv: 'en fil till ICCAM' },
  leaves: 'file',
}
