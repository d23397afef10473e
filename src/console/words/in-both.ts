import type { Language } from '../../takedown/index.ts'

/** The same words in another language: a text for each text, and one made of the same numbers and names. */
export type Same<Text> = Text extends string
  ? string
  : Text extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Name in keyof Text]: Same<Text[Name]> }

/** Words of one topic: each language has each of them. */
export type InBoth<English> = Readonly<Record<Language, Same<English>>>
