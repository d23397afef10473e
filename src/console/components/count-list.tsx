import { Pairs } from './pairs.tsx'

/** Counts by what they are of, in the order of their words. */
export function CountList<Name extends string>({
  words,
  counts,
  omitZeros = false,
}: {
  readonly words: Readonly<Record<Name, string>>
  readonly counts: Readonly<Record<NoInfer<Name>, number>>
  readonly omitZeros?: boolean
}) {
  const names = Object.keys(words) as Name[]
  const shown = names.filter((name) => !omitZeros || counts[name] > 0)
  return <Pairs rows={shown.map((name) => [words[name], String(counts[name])] as const)} />
}
