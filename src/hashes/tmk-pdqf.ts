import type { OpaqueKind } from './kind.ts'

export const tmkPdqf = {
  form: 'opaque',
  title: 'TMK+PDQF',
  names: { threatexchange: 'HASH_TMK', ncmec: 'tmk_pdqf' },
} as const satisfies OpaqueKind
