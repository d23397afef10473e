/** A law by its words in each language that notices are written in; of an article, those that follow "contrary to". */
export interface Law {
  readonly en: string
  readonly sv: string
  /** The day on which its words were compared with the law itself, YYYY-MM-DD; null where nobody has. */
  readonly asOf: string | null
  /** Who answers for it, a lawyer's name: no letter cites what nobody has confirmed. */
  readonly confirmedBy: string | null
}

/** The law of a country as notices may cite it, and how it is written there. */
export interface Jurisdiction {
  /** The name of the file: `SE`, or `EU` where the country has none. */
  readonly name: string
  readonly language: string
  /** Confirmed or not; `confirmedLaws` are those that may be cited. */
  readonly law: readonly Law[]
  readonly regulator: { readonly name: string; readonly address: string | null } | null
}
