import type { DigestKind } from './kind.ts'

/** FIPS 180-4; what STIX, MISP and forensic tools name files by beside SHA-256. */
export const sha512 = {
  form: 'digest',
  title: 'SHA-512',
  algorithm: 'sha512',
  bytes: 64,
  proves: true,
  computed: 'where-held',
  names: {},
} as const satisfies DigestKind
