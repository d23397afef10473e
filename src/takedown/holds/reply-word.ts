import type { Random, Sealer } from '../../core/index.ts'

/** The letters without those that are taken for each other: 0 O, 1 I L. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const GROUPS = 3
const GROUP_LETTERS = 4
const GROUP = `[${LETTERS}]{${GROUP_LETTERS}}`
const WORD = new RegExp(`(?<![\\w-])${GROUP}(?:[- ]?${GROUP}){${GROUPS - 1}}(?![\\w-])`, 'i')

/** What copies of a letter show in the place of its word. */
export const MASKED_WORD = Array.from({ length: GROUPS }, () => '*'.repeat(GROUP_LETTERS)).join('-')

/** `K7QM-4T9X-P2WD`: some 59 bits, easily typed. */
export function newReplyWord(random: Random): string {
  const letters: string[] = []
  while (letters.length < GROUPS * GROUP_LETTERS) {
    const [byte = 0] = random.bytes(1)
    // A remainder would make the first letters likelier.
    if (byte < LETTERS.length * 8) letters.push(LETTERS[byte % LETTERS.length] ?? '')
  }
  const groups = Array.from({ length: GROUPS }, (_, group) =>
    letters.slice(group * GROUP_LETTERS, (group + 1) * GROUP_LETTERS).join(''),
  )
  return groups.join('-')
}

/** All that is kept of a word: whoever reads the store cannot answer in the place of the police. */
export function digestOfWord(sealer: Sealer, envelopeId: string, word: string): string {
  return sealer.digest('reply word', `${envelopeId} ${normal(word)}`)
}

/** The first that a line holds, and the line without it. */
export function takeWord(line: string): { readonly word: string | null; readonly rest: string } {
  const found = WORD.exec(line)
  if (found === null) return { word: null, rest: line }
  const rest = `${line.slice(0, found.index)} ${line.slice(found.index + found[0].length)}`
  return { word: normal(found[0]), rest: rest.trim() }
}

function normal(word: string): string {
  return word.toUpperCase().replace(/[- ]/g, '')
}
