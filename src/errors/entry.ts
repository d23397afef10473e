/** What a caller can rely on: the code is stable, the message is free text. */
export interface ErrorMeaning {
  /** HTTP status of an answer that carries this error. */
  readonly status: number
  /** Exit code of a command that ends with it (documented in README). */
  readonly exit: number
  readonly meaning: string
  readonly remedy: string
}
