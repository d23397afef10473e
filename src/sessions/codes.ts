import type { Random } from '../core/index.ts'

/** Crockford's base 32: nothing that is read or typed as something else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const GROUP_CHARS = 5

/** Random characters of 5 bits each, in groups of five: `7K3QX-0M9TD-...`. */
export function newCode(random: Random, groups: number): string {
  const chars = Array.from(random.bytes(groups * GROUP_CHARS), (byte) => ALPHABET.charAt(byte & 31))
  return Array.from({ length: groups }, (_, group) =>
    chars.slice(group * GROUP_CHARS, (group + 1) * GROUP_CHARS).join(''),
  ).join('-')
}

/** A code as it is compared: however it was typed, with blanks or without, with O for 0. */
export function plainCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
}
