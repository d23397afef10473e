import type { PerceptualKind } from './kind.ts'

/** Sees what PDQ sees, less sharply (Yang, Gu and Niu, 2006): a client's leads to a look. */
export const blockhash = {
  form: 'perceptual',
  title: 'blockhash',
  bytes: 32,
  searched: false,
  names: {},
} as const satisfies PerceptualKind
