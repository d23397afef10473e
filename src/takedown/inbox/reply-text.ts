/** What a reply says that it did, as far as words tell. */
export type ReplyClaim = 'removed' | 'refused' | 'none'

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
export function claimOf(ownWords: string): ReplyClaim {
  for (const pattern of REMOVED) {
    const found = pattern.exec(ownWords)
    if (found === null) continue
    const before = ownWords.slice(0, found.index)
    if (!NOT.some((negation) => negation.test(before))) return 'removed'
  }
  return REFUSED.some((pattern) => pattern.test(ownWords)) ? 'refused' : 'none'
}

const QUOTE_OPENERS = [
  /^-{2,} ?(original message|forwarded message|ursprungligt meddelande)/i,
  /^(on|den|am|le) .{5,120}(wrote|skrev|schrieb|écrit) ?:$/i,
  /^(from|från|von): .+@/i,
]

/** Without what is quoted of our own mail, which says "remove" in every line. */
export function withoutQuotes(text: string): string {
  const kept: string[] = []
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const trimmed = line.trim()
    if (QUOTE_OPENERS.some((opener) => opener.test(trimmed))) break
    if (!trimmed.startsWith('>')) kept.push(line)
  }
  return kept.join('\n').trim()
}
