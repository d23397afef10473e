import type { Transport } from '../client/index.ts'

const PAGE_ROWS = 1_000

/** The ids of a whole list, page by page. */
export async function allIds(
  client: Transport,
  path: string,
  filter: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const ids: string[] = []
  for (;;) {
    const query = { ...filter, limit: PAGE_ROWS, after: ids.at(-1) }
    const page = (await client.get(path, query)) as readonly { id: string }[]
    ids.push(...page.map((row) => row.id))
    if (page.length < PAGE_ROWS) return ids
  }
}
