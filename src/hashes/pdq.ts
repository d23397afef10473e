import type { PerceptualKind } from './kind.ts'

/** Facebook, 2019. A list may tell the quality beside it. */
export const pdq = {
  form: 'perceptual',
  title: 'PDQ',
  bytes: 32,
  searched: true,
  names: { threatexchange: 'HASH_PDQ', iwf: 'PDQ', ncmec: 'pdq', hma: 'pdq' },
} as const satisfies PerceptualKind
