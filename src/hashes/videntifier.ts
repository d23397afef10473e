import type { OpaqueKind } from './kind.ts'

export const videntifier = {
  form: 'opaque',
  title: 'Videntifier',
  names: { ncmec: 'videntifier' },
} as const satisfies OpaqueKind
