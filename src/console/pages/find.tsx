import { z } from 'zod'
import { Rows } from '../components/rows.tsx'
import { DefangedUrl } from '../components/url.tsx'
import { When } from '../components/when.tsx'
import { page } from '../page.ts'

/** What somebody who rings asks after. The words come in the body: a URL of suspected material is in no request line. */
export const findPage = page({
  path: '/console/find',
  isPosted: true,
  needs: 'case:read',
  input: z.object({ words: z.string().trim().max(8_192).default('') }),
  async show({ words, calls }, { words: asked }) {
    const { find, case: said } = words
    if (asked === '') return { title: find.title, body: <p>{find.ask}</p> }
    const { rows } = await calls.find.records({ words: asked })
    return {
      title: find.title,
      body: (
        <>
          <p>
            <code class="url">{asked}</code>
          </p>
          <Rows
            caption={find.title}
            rows={rows}
            idOf={({ kind, id }) => `${kind}-${id}`}
            empty={find.nothing}
            columns={[
              {
                head: words.queue.what,
                cell: ({ kind, id, caseId }) => {
                  const place = placeOf(kind, id, caseId)
                  const text = `${find.kinds[kind]} ${id.slice(0, 8)}`
                  return place === undefined ? text : <a href={place}>{text}</a>
                },
              },
              { head: said.status, cell: ({ state }) => state },
              { head: said.url, cell: ({ url }) => url !== null && <DefangedUrl url={url} /> },
              { head: said.host, cell: ({ host }) => host },
              { head: said.opened, cell: ({ at }) => <When at={at} /> },
            ]}
          />
        </>
      ),
    }
  },
})

function placeOf(kind: string, id: string, caseId: string | null): string | undefined {
  if (kind === 'case') return `/console/cases/${id}`
  if (kind === 'tip') return `/console/tips/${id}`
  if (kind === 'item') return `/console/items/${id}`
  if (kind === 'notice') return `/console/notices/${id}`
  if (kind === 'objection') return `/console/objections/${id}`
  return caseId === null ? undefined : `/console/cases/${caseId}`
}
