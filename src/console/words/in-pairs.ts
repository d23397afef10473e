import type { Language } from '../../takedown/index.ts'

/** English and Swedish for what is kept, or asked for, by a name. */
export type NamedWords = Readonly<Record<string, readonly [en: string, sv: string]>>

export function named(
  words: NamedWords,
): Readonly<Record<Language, Readonly<Record<string, string>>>> {
  const inOne = (place: 0 | 1) =>
    Object.fromEntries(Object.entries(words).map(([name, said]) => [name, said[place]]))
  return { en: inOne(0), sv: inOne(1) }
}
