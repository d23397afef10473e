import { z } from 'zod'
import { HindraError } from '../../errors.ts'
import {
  besideText,
  bodyOf,
  captionOf,
  headOf,
  type HouseReport,
  REPORT_FORMATS,
  REPORT_NAMES,
  type ReportName,
  REPORTS,
  ROW_READS,
} from '../../reports/terms.ts'
import { DECLARED_FIGURES } from '../../stats/terms.ts'
import { Cell, Figure } from '../components/figure.tsx'
import { OperationForm } from '../components/form.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Periods } from '../components/periods.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { page, type Visit } from '../page.ts'
import { lastOver } from './reports.tsx'

/** One report of one period, figure by figure as it is handed on; the address says which. */
export const reportPage = page({
  path: '/console/reports/:id',
  needs: 'stats:read',
  input: z.object({
    id: z.string(),
    period: z.string().max(16).optional(),
    publish: z.stringbool().default(false),
  }),
  async show(visit, { id, period: asked, publish }) {
    const { calls, language, now } = visit
    const name = requireName(id)
    const period = asked ?? lastOver(visit, REPORTS[name].publishedBy)
    const report = await calls.reports.make({ report: name, period, publish: String(publish) })
    return {
      title: `${report.title[language]}, ${report.period}`,
      body: (
        <>
          <p>{report.house}</p>
          {headOf(report, language).map((line) => (
            <p key={line} class="head-line">
              {line}
            </p>
          ))}
          <Periods period={report.period} />
          <Handing report={report} isOver={Date.parse(report.to) <= now} visit={visit} />
          <Standing report={report} visit={visit} />
          <Section id="figures" title={visit.words.figures.inFigures}>
            {report.figures.map((figure) => (
              <Figure
                key={figure.id}
                id={figure.id}
                title={captionOf(figure, language)}
                says={figure.says[language]}
                columns={report.columns}
                lines={figure.lines.map(({ group, name: called, cells }) => ({
                  name: called[language],
                  cells,
                  isAll: group === null && figure.lines.length > 1,
                }))}
                isShare={figure.unit === 'percent'}
                beside={figure.beside.map((one) => [besideText(one, language), one.value] as const)}
                rowsAt={
                  !report.forPublication &&
                  visit.may(['case:read', ...figure.rowKinds.map((kind) => ROW_READS[kind])])
                    ? `/console/figures/${figure.id}?period=${report.period}`
                    : undefined
                }
              />
            ))}
          </Section>
          {report.texts.map((text) => (
            <Section key={text.heading.en} id="words" title={text.heading[language]}>
              <p class="told">{bodyOf(text, language)}</p>
            </Section>
          ))}
        </>
      ),
    }
  },
})

/** Throws NOT_FOUND. */
function requireName(id: string): ReportName {
  const found = REPORT_NAMES.find((name) => name === id)
  if (found !== undefined) return found
  throw new HindraError('NOT_FOUND', `no report is called so: there are ${REPORT_NAMES.join(', ')}`)
}

/** How it is handed on: with or without small numbers, as which file. */
function Handing({
  report,
  isOver,
  visit,
}: {
  readonly report: HouseReport
  readonly isOver: boolean
  readonly visit: Visit
}) {
  const { figures: said } = visit.words
  const { report: name, period, forPublication } = report
  const { publishedBy } = REPORTS[name]
  const isPublished = isOver && kindOf(period) === publishedBy
  const at = `/console/reports/${name}`
  return (
    <nav class="files" aria-label={said.files}>
      {forPublication ? (
        <p>
          <a href={`${at}?period=${period}`}>{said.asCounted}</a>
        </p>
      ) : isPublished ? (
        <p>
          <a href={`${at}?period=${period}&publish=true`}>{said.asPublished}</a>
        </p>
      ) : (
        <p class="hint">{said.notPublished[publishedBy]}</p>
      )}
      <ul>
        {(['csv', 'json', 'text', 'html'] as const).map((format) => (
          <li key={format}>
            <a
              href={`${at}/${period}.${REPORT_FORMATS[format].ending}${forPublication ? '?publish=true' : ''}`}
              download
            >
              {said.formats[format]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function kindOf(period: string): 'year' | 'quarter' | 'month' {
  if (!period.includes('-')) return 'year'
  return period.includes('-Q') ? 'quarter' : 'month'
}

/** Whether the period was closed, and what has become of its figures since. */
function Standing({ report, visit }: { readonly report: HouseReport; readonly visit: Visit }) {
  const { words, language } = visit
  const { figures: said } = words
  const { closed, period, isOver, forPublication } = report
  const { change } = said
  if (closed === null) {
    return (
      <Section id="standing" title={said.closing}>
        <p>{said.notClosed}</p>
        {isOver && visit.may('report:close') && (
          <OperationForm operation="reports.close" label={said.close} given={{ period }}>
            <p class="hint">{said.closeHint}</p>
            <button type="submit">{said.close}</button>
          </OperationForm>
        )}
      </Section>
    )
  }
  const isErased = closed.changes.some(({ taken }) => taken > 0)
  return (
    <Section id="standing" title={said.closing}>
      <p>{closed.isChanged ? said.changed : said.unchanged}</p>
      {closed.isChanged && forPublication && <p>{said.changedUntold}</p>}
      {isErased && <p>{said.erased}</p>}
      {closed.changes.length > 0 && (
        <Rows
          caption={said.closing}
          rows={closed.changes}
          idOf={({ figure }) => figure}
          empty={words.none}
          columns={[
            {
              head: change.figure,
              cell: ({ figure }) => DECLARED_FIGURES[figure].title[language],
            },
            { head: change.added, cell: ({ added }) => <Cell cell={added} /> },
            { head: change.changed, cell: ({ changed }) => <Cell cell={changed} /> },
            { head: change.left, cell: ({ left }) => <Cell cell={left} /> },
            { head: change.taken, cell: ({ taken }) => <Cell cell={taken} /> },
          ]}
        />
      )}
      <Pairs
        rows={[
          [said.closedAt, <When key="at" at={closed.at} />],
          [
            said.digest,
            <code key="digest" class="url">
              {closed.digest}
            </code>,
          ],
        ]}
      />
    </Section>
  )
}
