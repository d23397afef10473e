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
    await auditor.audit.verify()
    const cases = await all((after) => analyst.cases.list({ ...after, limit: PAGE }), idOf)
    return {
      cases: cases.map((one) => ({ ...one, url: /seen-[a-z]+-\d+/.exec(one.rawUrl)?.[0] ?? '' })),
      alerts: await all((after) => auditor.alerts.list({ ...after, limit: PAGE }), cursorOf),
      notices: await all((after) => analyst.notices.list({ ...after, limit: PAGE }), idOf),
      audit: await all((after) => auditor.audit.export({ ...after, limit: PAGE }), cursorOf),
      head: (await auditor.audit.checkpoint()).checkpoint,
    }
  } finally {
    await analyst.close()
    await auditor.close()
  }
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
    if (next.length === 0) return rows
    rows.push(...next)
  }
}

const idOf = ({ id }: { readonly id: string }) => id
const cursorOf = ({ cursor }: { readonly cursor: string }) => cursor
