import { z } from 'zod'
import type { Entry, Item } from '../../register/index.ts'
import { Origin } from '../components/entry-origin.tsx'
import { ItemLink } from '../components/item-link.tsx'
import { ListsToVerify, listsToVerify, VERIFY } from '../components/lists-to-verify.tsx'
import { lastOf, PAGE_ROWS, Pager } from '../components/pager.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { namesFor } from '../names.ts'
import { optional } from '../optional.ts'
import { page } from '../page.ts'

interface Waiting {
  readonly item: Item
  readonly entry: Entry
}

/** What one person proposed and a second one has not verified, a list at a time. */
export const verifyPage = page({
  path: VERIFY,
  needs: 'item:verify',
  input: z.object({
    list: optional(z.string().max(64)),
    after: optional(z.string().max(64)),
  }),
  async show(visit, { after, ...asked }) {
    const { words, calls, by } = visit
    const { register: said, toVerify } = words
    const lists = await listsToVerify(visit)
    const list = asked.list ?? lists[0]?.name
    const { rows, total } =
      list === undefined
        ? { rows: [], total: '0' }
        : await calls.items.list.page({ list, after, waiting: 'true', limit: PAGE_ROWS })
    const waiting = rows.flatMap((item) => waitingIn(item, list))
    const nameOf = await namesFor(
      visit,
      waiting.map(({ entry }) => entry.proposedBy),
    )
    return {
      title: toVerify.title,
      body: (
        <>
          <p>{toVerify.intro}</p>
          <p class="hint">
            {toVerify.many}
            <code>hindra verify --file FOLDER --confirm same-bytes --dry-run</code>
          </p>
          {lists.length > 1 && <ListsToVerify lists={lists} shown={list} />}
          {list === undefined ? (
            <p class="empty">{words.noneWaiting}</p>
          ) : (
            <Section id="waiting" title={said.entriesOf(list)} aside={words.rows(total ?? '0')}>
              <Rows
                caption={toVerify.title}
                rows={waiting}
                idOf={({ entry }) => entry.id}
                empty={words.noneWaiting}
                columns={[
                  { head: said.item, cell: ({ item }) => <ItemLink id={item.id} opens /> },
                  {
                    head: said.named,
                    cell: ({ entry }) => entry.fileName ?? entry.reference,
                  },
                  {
                    head: said.size,
                    cell: ({ entry }) =>
                      entry.fileBytes !== undefined && said.bytes(entry.fileBytes),
                  },
                  { head: said.kind, cell: ({ item }) => said.kinds[item.kind] },
                  { head: said.class, cell: ({ entry }) => entry.classification },
                  { head: said.origin, cell: ({ entry }) => <Origin entry={entry} /> },
                  {
                    head: toVerify.found,
                    cell: ({ entry }) =>
                      entry.findings.length > 0 && (
                        <span class="badge late">{toVerify.count(entry.findings.length)}</span>
                      ),
                  },
                  {
                    head: said.proposedBy,
                    cell: ({ entry }) =>
                      entry.proposedBy === by.id ? toVerify.yours : nameOf(entry.proposedBy),
                  },
                  {
                    head: toVerify.cameIn,
                    cell: ({ entry }) => <When at={entry.proposedAt} since />,
                  },
                ]}
              />
              <Pager filter={{ list, after }} last={lastOf(rows)} />
            </Section>
          )}
        </>
      ),
    }
  },
})

function waitingIn(item: Item, list: string | undefined): readonly Waiting[] {
  return item.entries
    .filter((entry) => entry.list === list && entry.status === 'proposed')
    .map((entry) => ({ item, entry }))
}
