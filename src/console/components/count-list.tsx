import { Pairs } from './pairs.tsx'

/** Counts by what they are of, in the order of their words. */
export function CountList<Name extends string>({
  words,
  counts,
}: {
  readonly words: Readonly<Record<Name, string>>
  readonly counts: Readonly<Record<NoInfer<Name>, number>>
}) {
  const names = Object.keys(words) as Name[]
  return <Pairs rows={names.map((name) => [words[name], String(counts[name])] as const)} />
}
