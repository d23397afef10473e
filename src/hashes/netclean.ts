import type { OpaqueKind } from './kind.ts'

export const netclean = {
  form: 'opaque',
  title: 'NetClean',
  names: { ncmec: 'netclean' },
} as const satisfies OpaqueKind
