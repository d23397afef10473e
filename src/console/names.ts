import type { Visit } from './page.ts'

/** What people are called whose ids a record shows; who is not known any more is said to be unknown. */
export async function namesOf(
  { calls, words }: Visit,
  ids: readonly (string | null | undefined)[],
): Promise<(id: string | null) => string> {
  const asked = [...new Set(ids.filter((id) => typeof id === 'string'))]
  const named = asked.length === 0 ? [] : await calls.people.pseudonyms({ ids: asked })
  const names = new Map([
    ...named.map(({ id, pseudonym }) => [id, pseudonym] as const),
    ['hindra', words.notices.hindra],
    ['police', words.notices.police],
  ])
  return (id) => (id === null ? words.unknown : (names.get(id) ?? words.unknown))
}
