/** What a reply says that it did, as far as words tell. */
export type ReplyWord = 'removed' | 'refused' | 'none'

const REMOVED = [
  /\b(removed|taken down|took down|deleted|disabled|suspended|terminated|blocked|no longer (?:available|accessible|online))\b/i,
  /\b(tagits bort|tagit bort|borttage[nt]|raderats?|raderad|avstängd|stängts? av|spärrats?|inte längre (?:tillgänglig|åtkomlig))/i,
]
/** Says the contrary, or not yet: nearer to the word than a sentence. */
const NOT = [
  /\b(not|cannot|can't|unable|won't|will|to be|if|please|haven't|hasn't)\b[^.!?\n]{0,40}$/i,
  /\b(inte|kan ej|kommer att|ska|om|vänligen|ännu)\b[^.!?\n]{0,40}$/i,
]
const REFUSED = [
  /\b(not (?:our|hosted|a customer)|do(?:es)? not host|no(?:t)? (?:violation|illegal)|refuse|decline)/i,
  /\b(inte (?:vår|vårt|hos oss)|lagrar (?:inte|ej)|avböjer|avslår)/i,
]

/**
 * A claim is a hint where to look next and nothing more: `removed` makes the next look come at once,
 * and the look decides. So words suffice, in the languages that notices are written in.
 */
export function claimOf(ownWords: string): ReplyWord {
  for (const pattern of REMOVED) {
    const found = pattern.exec(ownWords)
    if (found === null) continue
    const before = ownWords.slice(0, found.index)
    if (!NOT.some((negation) => negation.test(before))) return 'removed'
  }
  return REFUSED.some((pattern) => pattern.test(ownWords)) ? 'refused' : 'none'
}

const LINE_MAX = 1_000
/** "On Monday, 1 December, X wrote:", and as others say it. */
const WROTE = { before: ['on ', 'den ', 'am ', 'le '], verb: / (wrote|skrev|schrieb|écrit)\b/ }
const QUOTE_OPENERS = [
  /^-{2,} ?(original message|forwarded message|ursprungligt meddelande|vidarebefordrat)/i,
  /^\*?(from|från|von):\*? [^@]{0,200}@/i,
  /^\*?(sent|skickat|gesendet):\*? [^\d]{0,40}\d/i,
  /^_{10,}$/,
]

/** The text without what is quoted of our own mail, which says "remove" in every line. */
export function withoutQuotes(text: string): string {
  const kept: string[] = []
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const trimmed = line.trim().slice(0, LINE_MAX)
    if (opensQuote(trimmed)) break
    if (!trimmed.startsWith('>')) kept.push(line)
  }
  return kept.join('\n').trim()
}

function opensQuote(line: string): boolean {
  if (QUOTE_OPENERS.some((opener) => opener.test(line))) return true
  const words = line.toLowerCase()
  const verb = WROTE.verb.exec(words)
  if (verb === null || !WROTE.before.some((start) => words.startsWith(start))) return false
  // Swedish and German put the name behind the verb, and a long line is broken at the verb or the address.
  const rest = words.slice(verb.index + verb[0].length)
  const isDated = /\d/.test(words.slice(0, verb.index))
  return words.endsWith(':') || (isDated && (rest.includes('<') || rest.trim() === ''))
}
