/** What persons have said, beside the process: what it must be right about. */
export class Truth {
  /** Subjects of items that two persons verified, and that stand. */
  readonly standing = new Set<string>()
  /** Subjects whose item was retracted. */
  readonly retracted = new Set<string>()
  /** URLs that an analyst assessed. */
  readonly assessed = new Set<string>()
  /** URLs of which somebody said that they are not illegal. */
  readonly notIllegal = new Set<string>()
  /** Corrections that an officer told by hand, or decided not to: recipient and URL. */
  readonly settled = new Set<string>()
  /** What the police want to wait for, by URL: by the clock of the process, in milliseconds. */
  readonly waits = new Map<string, number>()
  /** URLs of which the police said that nobody may be told, and a second person agreed. */
  readonly forbidden = new Set<string>()
  /** URLs of which an officer told somebody by hand, or decided that nobody need be told. */
  readonly byHand = new Set<string>()
  /** How often the police replied, by the letter that told them of the case. */
  readonly replies = new Map<string, number>()
  /** Somebody has pulled the emergency stop. */
  stopped = false

  /** Whoever it concerns may be told from now on. */
  agree(url: string): void {
    this.waits.delete(url)
    this.forbidden.delete(url)
  }

  /** To that letter, or to one that confirms an earlier reply to it. */
  replied(letterId: string): void {
    this.replies.set(letterId, (this.replies.get(letterId) ?? 0) + 1)
  }

  settle(to: string, url: string, step: string): void {
    if (step === 'correction') this.settled.add(`${to} ${url}`)
    else this.byHand.add(url)
  }

  /** Whether anybody may be told of what is shown there. */
  hasGrounds(url: string, subject: string): boolean {
    if (this.notIllegal.has(url)) return false
    return this.standing.has(subject) || this.assessed.has(url)
  }

  /** Whether who was told of it is to be told that it did not stand. */
  tookBack(url: string, subject: string): boolean {
    return this.retracted.has(subject) || this.notIllegal.has(url)
  }
}
