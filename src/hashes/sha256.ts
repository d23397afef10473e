import type { DigestKind } from './kind.ts'

export const sha256 = {
  form: 'digest',
  title: 'SHA-256',
  algorithm: 'sha256',
  bytes: 32,
  proves: true,
  computed: 'always',
  names: {
    threatexchange: 'HASH_SHA256',
    threatexchangeFilm: 'HASH_VIDEO_SHA256',
    iwf: 'SHA256',
    ncmec: 'sha256',
  },
} as const satisfies DigestKind
