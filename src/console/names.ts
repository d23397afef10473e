import type { Visit } from './page.ts'

/** What people are called whose ids a record shows; whoever is not known any more, and what is no person, by the id. */
export async function namesOf(
  { calls, words }: Visit,
  ids: readonly (string | null | undefined)[],
): Promise<(id: string | null) => string> {
  const asked = [...new Set(ids.filter((id) => typeof id === 'string'))]
  const named = asked.length === 0 ? [] : await calls.people.pseudonyms({ ids: asked })
  const names = new Map([
    ['hindra', words.notices.hindra],
    ['police', words.notices.police],
    ...named.map(({ id, pseudonym }) => [id, pseudonym] as const),
  ])
  return (id) => (id === null ? words.unknown : (names.get(id) ?? words.unknown))
}
