import type { OpaqueKind } from './kind.ts'

/** NCMEC has several, and no name for them all. */
export const ssvh = { form: 'opaque', title: 'SSVH', names: {} } as const satisfies OpaqueKind
