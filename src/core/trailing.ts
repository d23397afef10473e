/** The text without the run of `char` at its end. A regular expression for it takes quadratic time. */
export function withoutTrailing(text: string, char: string): string {
  let end = text.length
  while (end > 0 && text.charAt(end - 1) === char) end -= 1
  return text.slice(0, end)
}
