import type { ChainedEntry, Checkpoint } from '../../../src/audit/index.ts'
import { createHindraClient, type HindraClient } from '../../../src/client/index.ts'
import type { Ending } from './history.ts'
import type { House } from './house.ts'

const PAGE = 1_000

/** All that the house says now, at whatever server it is asked. */
export async function endingOf({ url, keys }: House): Promise<Ending> {
  const [analyst, auditor] = [keys.anna, keys.auditor].map((key) =>
    createHindraClient({ url, key }),
  ) as [HindraClient, HindraClient]
  try {
    const { intact } = await auditor.audit.verify()
    const { checkpoint: head } = await auditor.audit.checkpoint()
    const cases = await all((after) => analyst.cases.list({ ...after, limit: PAGE }), idOf)
    return {
      cases: cases.map((one) => ({ ...one, url: /seen-[a-z]+-\d+/.exec(one.rawUrl)?.[0] ?? '' })),
      alerts: await all((after) => auditor.alerts.list({ ...after, limit: PAGE }), cursorOf),
      notices: await all((after) => analyst.notices.list({ ...after, limit: PAGE }), idOf),
      audit: upTo(
        head,
        await all((after) => auditor.audit.export({ ...after, limit: PAGE }), cursorOf),
      ),
      head,
      intact,
    }
  } finally {
    await analyst.close()
    await auditor.close()
  }
}

/** What came since is linked while it is read. */
function upTo(head: Checkpoint | null, entries: readonly ChainedEntry[]): readonly ChainedEntry[] {
  const last = entries.findLastIndex(
    ({ link }) => link !== null && link.number <= (head?.count ?? 0),
  )
  return entries.slice(0, last + 1)
}

/** Every row of a list, page by page. */
async function all<Row>(
  page: (after: { after?: string }) => Promise<readonly Row[]>,
  nameOf: (row: Row) => string,
): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (;;) {
    const last = rows.at(-1)
    const next = await page(last === undefined ? {} : { after: nameOf(last) })
    rows.push(...next)
    // Whoever reads the audit adds to it.
    if (next.length < PAGE) return rows
  }
}

const idOf = ({ id }: { readonly id: string }) => id
const cursorOf = ({ cursor }: { readonly cursor: string }) => cursor
