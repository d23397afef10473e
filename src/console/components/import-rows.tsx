import type { ImportView } from '../../exchange/index.ts'
import { shortId } from '../names.ts'
import { useVisit } from '../visiting.ts'
import { Rows } from './rows.tsx'
import { When } from './when.tsx'

/** Imports, each with how far it has come and what it refused. */
export function ImportRows({ rows }: { readonly rows: readonly ImportView[] }) {
  const { words } = useVisit()
  const { exchanges: said } = words
  return (
    <Rows
      caption={said.imports}
      rows={rows}
      idOf={({ id }) => id}
      empty={words.none}
      columns={[
        {
          head: said.import,
          cell: ({ id }) => (
            <a href={`/console/imports/${id}`} data-open>
              <code>{shortId(id)}</code>
            </a>
          ),
        },
        { head: said.list, cell: ({ list }) => list },
        { head: said.format, cell: ({ format }) => format },
        {
          head: said.state,
          cell: ({ state, dryRun }) =>
            dryRun ? `${said.importShort[state]}. ${said.dry}` : said.importShort[state],
        },
        { head: said.lines, cell: ({ position }) => String(position) },
        { head: said.counts.added, cell: ({ added }) => String(added) },
        {
          head: said.counts.refused,
          cell: ({ refused }) =>
            refused === 0 ? '0' : <span class="badge late">{String(refused)}</span>,
        },
        { head: said.counts.held, cell: ({ held }) => String(held) },
        { head: said.started, cell: ({ startedAt }) => <When at={startedAt} since /> },
      ]}
    />
  )
}
