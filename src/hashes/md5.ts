import type { DigestKind } from './kind.ts'

export const md5 = {
  form: 'digest',
  title: 'MD5',
  algorithm: 'md5',
  bytes: 16,
  proves: false,
  computed: 'always',
  names: {
    threatexchange: 'HASH_MD5',
    threatexchangeFilm: 'HASH_VIDEO_MD5',
    vics: 'MD5',
    iwf: 'MD5',
    ncmec: 'md5',
    hma: 'video_md5',
  },
} as const satisfies DigestKind
