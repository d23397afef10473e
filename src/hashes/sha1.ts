import type { DigestKind } from './kind.ts'

export const sha1 = {
  form: 'digest',
  title: 'SHA-1',
  algorithm: 'sha1',
  bytes: 20,
  proves: false,
  computed: 'always',
  names: { threatexchange: 'HASH_SHA1', vics: 'SHA1', iwf: 'SHA1', ncmec: 'sha1' },
} as const satisfies DigestKind
