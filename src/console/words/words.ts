import type { english } from './en.ts'

/** A text of the page, or one made of numbers and names. */
type Same<Text> = Text extends string
  ? string
  : Text extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Name in keyof Text]: Same<Text[Name]> }

/** Every word of the console: each language has each of them. */
export type ConsoleWords = Same<typeof english>
