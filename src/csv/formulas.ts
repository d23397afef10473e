/** What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), behind apostrophes or not. */
const FORMULA = /^'*[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20]/
/** A hash in base64: a formula does nothing without a bracket, a bar or an exclamation mark. */
const BASE64 = /^\+[A-Za-z0-9+/]+={0,2}$/

/**
 * The text with an apostrophe before what a spreadsheet would run, whoever wrote it. An apostrophe that
 * stands there already gets one more, so that `unguarded` gives every text back.
 */
export function guarded(text: string): string {
  return FORMULA.test(text) && !BASE64.test(text) ? `'${text}` : text
}

export function unguarded(text: string): string {
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text
}
