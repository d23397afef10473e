/** A rule is broken. */
export class Violation extends Error {
  override readonly name = 'Violation'

  constructor(rule: string, detail: string) {
    super(`${rule}: ${detail}`)
  }
}
