import type { Client } from '../client/index.ts'

const PAGE_ROWS = 1_000

/** The ids of every item that is proposed, page by page. */
export async function proposedIds(client: Client): Promise<readonly string[]> {
  const ids: string[] = []
  for (;;) {
    const after = ids.at(-1)
    const page = await client.items.list({ status: 'proposed', limit: PAGE_ROWS, after })
    ids.push(...page.map((row) => row.id))
    if (page.length < PAGE_ROWS) return ids
  }
}
