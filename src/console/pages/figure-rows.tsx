import { z } from 'zod'
import { cellText, captionOf, groupName } from '../../reports/terms.ts'
import type { ExplainedRow } from '../../reports/index.ts'
import { quarterOf } from '../../stats/terms.ts'
import { Cell } from '../components/figure.tsx'
import { PAGE_ROWS, PlacePager } from '../components/pager.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Periods } from '../components/periods.tsx'
import { Rows } from '../components/rows.tsx'
import { page, type Visit } from '../page.ts'

/** Ids begin with their time: as much of one as tells neighbours apart. */
const ID_SHOWN = 18

/** The rows that a figure counts, and what each is about: where a number comes from. */
export const figureRowsPage = page({
  path: '/console/figures/:id',
  needs: ['stats:read', 'case:read'],
  input: z.object({
    id: z.string().max(64),
    period: z.string().max(16).optional(),
    from: z.coerce.number().int().min(0).default(0),
  }),
  async show(visit, { id, period: asked, from }) {
    const { words, calls, language, now, config } = visit
    const { rows: said, period: periodWord } = words.figures
    const period = asked ?? quarterOf(now, config.takedown.timeZone).name
    const found = await calls.reports.explain({ figure: id, period, from, limit: PAGE_ROWS })
    const { rows, rowsInAll, gone, value, says } = found
    return {
      title: captionOf(found, language),
      body: (
        <>
          <p>{says[language]}</p>
          <Periods period={found.period} />
          <Pairs
            rows={[
              [periodWord, found.period],
              [said.figure, <Cell key="value" cell={value} />],
            ]}
          />
          <p>
            {said.all(cellText(rowsInAll, language))}
            {gone > 0 && ` ${said.gone(cellText(gone, language))}`}
          </p>
          <Rows
            caption={said.title}
            rows={rows}
            idOf={({ of, id: record, round }) => `${of} ${record} ${round ?? ''}`}
            empty={said.none}
            columns={[
              { head: said.of, cell: (row) => <Record row={row} visit={visit} /> },
              {
                head: words.figures.group,
                cell: ({ group }) => group !== undefined && groupName(group)[language],
              },
              {
                head: said.value,
                cell: ({ value: measured, holds }) => {
                  if (measured !== undefined) return <Cell cell={measured} />
                  return holds === true && said.meant
                },
              },
              {
                head: said.shows,
                cell: ({ of, shows }) => {
                  // Of assessments there is nothing more to say than what they are.
                  if (of === 'assessment' || of === 'panel' || of === 'sample') return null
                  return shows === null ? said.cannotRead : <code class="url">{shows}</code>
                },
              },
            ]}
          />
          <PlacePager filter={{ period: asked }} from={from} shown={rows.length} all={rowsInAll} />
        </>
      ),
    }
  },
})

function Record({ row, visit }: { readonly row: ExplainedRow; readonly visit: Visit }) {
  const { rows: said } = visit.words.figures
  const { of, id, round } = row
  const called = `${said.kinds[of]} ${id.slice(0, ID_SHOWN)}`
  const text = round === undefined ? called : `${called}, ${said.round(round)}`
  const place = of === 'case' ? 'cases' : of === 'tip' ? 'tips' : undefined
  if (place === undefined) return <>{text}</>
  return (
    <a href={`/console/${place}/${id}`} data-open>
      {text}
    </a>
  )
}
