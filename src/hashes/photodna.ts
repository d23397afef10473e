import type { OpaqueKind } from './kind.ts'

export const photodna = {
  form: 'opaque',
  title: 'PhotoDNA',
  names: { threatexchange: 'HASH_PHOTODNA', vics: 'PhotoDNA', iwf: 'PhotoDNA', ncmec: 'pdna' },
} as const satisfies OpaqueKind
