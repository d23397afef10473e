/** What can be said of a topic, in one language: by a stable code, made of what belongs to it. */
export type Sentences = Readonly<Record<string, (values: never) => string>>

/** One of them, in no language: its code, and what stands in it. Times are UTC ISO 8601. */
export type Sentence<Said extends Sentences> = {
  readonly [Code in keyof Said & string]: { readonly says: Code } & ValuesOf<Said[Code]>
}[keyof Said & string]

type ValuesOf<Words> = Words extends (...given: infer Given) => string
  ? Given extends readonly [infer Values]
    ? Values
    : unknown
  : never

/** The words of one language for a sentence; what a code holds is said by the type of each table alike. */
export function worded<Said extends Sentences>(said: Said, sentence: Sentence<Said>): string {
  // The type of a sentence says that its values are those of its code; an index cannot tell that to the compiler.
  const words = said[sentence.says] as (values: Sentence<Said>) => string
  return words(sentence)
}
