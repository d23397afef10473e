import type { Visit } from './page.ts'

/** As many as one question may hold. */
const IDS_MAX = 1_000

/** What people are called: their pseudonym where one is known, else the beginning of the id. */
export type NameOf = (id: string | null) => string

/** Asks what people are called whose ids a page shows, where whoever looks may know. */
export async function namesFor(
  visit: Visit,
  ids: Iterable<string | null | undefined>,
): Promise<NameOf> {
  const { calls, words } = visit
  const asked = [...new Set(ids)].filter((id) => id !== null && id !== undefined).slice(0, IDS_MAX)
  const named =
    asked.length > 0 && visit.may('people:name')
      ? await calls.people.pseudonyms({ ids: asked })
      : []
  const known = new Map([
    ...named.map(({ id, pseudonym }) => [id, pseudonym] as const),
    ['hindra', words.name],
    ['police', words.police],
  ])
  return (id) => (id === null ? words.unknown : (known.get(id) ?? id.slice(0, 8)))
}
