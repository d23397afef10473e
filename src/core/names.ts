/** Controls, what some programs take for a line break, and halves of a character. */
const IN_NO_NAME = /[\p{Cc}\p{Cs}\u2028\u2029]/u

/** Whether a name is one line, and the same one, wherever it is written. */
export function isName(text: string): boolean {
  return !IN_NO_NAME.test(text)
}
