import type { Visit } from './page.ts'

/** As many as one question may hold. */
const IDS_MAX = 1_000

const BEGINNING = 8
const END = 4

/** An id as a reader tells it from others: those that are made in one minute begin alike, for they begin with the time. */
export function shortId(id: string): string {
  if (id.length <= BEGINNING + END) return id
  return `${id.slice(0, BEGINNING)}…${id.slice(-END)}`
}

/** What people are called: their pseudonym where one is known, else the beginning of the id. */
export type NameOf = (id: string | null) => string

/** Asks what people are called whose ids a page shows, where whoever looks may know. */
export async function namesFor(
  visit: Visit,
  ids: Iterable<string | null | undefined>,
): Promise<NameOf> {
  const { words } = visit
  const known = new Map([
    ...(await knownNames(visit, ids)),
    ['hindra', words.name],
    ['police', words.police],
  ])
  return (id) => (id === null ? words.unknown : (known.get(id) ?? shortId(id)))
}

/** The pseudonyms of those ids that are of people, as far as whoever looks may know them. */
export async function knownNames(
  visit: Visit,
  ids: Iterable<string | null | undefined>,
): Promise<ReadonlyMap<string, string>> {
  const asked = [...new Set(ids)].filter((id) => id !== null && id !== undefined).slice(0, IDS_MAX)
  if (asked.length === 0 || !visit.may('people:name')) return new Map()
  const named = await visit.calls.people.pseudonyms({ ids: asked })
  return new Map(named.map(({ id, pseudonym }) => [id, pseudonym]))
}
