import { localDay, localTime } from '../core/index.ts'
import { COMMAS, csvRow } from '../csv/index.ts'
import { UNITS } from '../stats/terms.ts'
import type { Language } from '../takedown/index.ts'
import type {
  FigureChange,
  HouseReport,
  PublishedFigure,
  ReportCell,
  ReportFigure,
  ReportWords,
} from './report-types.ts'

const WORDS = {
  sv: {
    made: 'Gjord',
    period: 'Period',
    notOver: 'Perioden är inte slut: siffrorna ändras.',
    internal: 'Alla tal visas: inte för publicering.',
    published: (below: number) =>
      `Tal från 1 till ${below - 1}, och tal som de kunde räknas fram ur, är dolda (·).`,
    counts:
      'Tips, webbadresser, anmälningar, poster och önskemål är olika tal och ska inte läggas ihop.',
    unwritten: 'Texten saknas: huset har inte skrivit någon.',
    closed: (at: string, digest: string) => `Stängd ${at}, kontrollsumma ${digest}.`,
    unchanged: 'Siffrorna är de som räknades då.',
    changed: 'Siffror har ändrats sedan dess.',
    change: ({ figure, added, changed, left, taken }: FigureChange) =>
      `${figure}: nya rader ${added}, ändrade ${changed}, räknas inte längre ${left}, gallrade och kvar som räknade ${taken}`,
    beside: ({ by, year }: PublishedFigure) => `${by} ${year}, enligt deras årsrapport`,
    hidden: '·',
    isHidden: 'dolt',
    none: '–',
    isNone: 'inget att mäta',
    group: 'Grupp',
  },
  en: {
    made: 'Made',
    period: 'Period',
    notOver: 'The period is not over: the figures change.',
    internal: 'Every number is shown: not for publication.',
    published: (below: number) =>
      `Numbers from 1 to ${below - 1}, and numbers that they could be worked out from, are hidden (·).`,
    counts: 'Tips, URLs, notices, records and requests are different counts and do not add up.',
    unwritten: 'The text is missing: the house has written none.',
    closed: (at: string, digest: string) => `Closed ${at}, digest ${digest}.`,
    unchanged: 'The figures are those that were counted then.',
    changed: 'Figures have changed since then.',
    change: ({ figure, added, changed, left, taken }: FigureChange) =>
      `${figure}: new rows ${added}, changed ${changed}, counted no more ${left}, erased and standing as counted ${taken}`,
    beside: ({ by, year }: PublishedFigure) => `${by} ${year}, by their yearly report`,
    hidden: '·',
    isHidden: 'hidden',
    none: '–',
    isNone: 'nothing to measure',
    group: 'Group',
  },
} as const

/** What is said above the figures, line by line; what became of them since the period was closed is `closingOf`. */
export function headOf(report: HouseReport, language: Language): readonly string[] {
  const words = WORDS[language]
  const at = (time: string) => localTime(Date.parse(time), report.timeZone)
  return [
    `${words.period}: ${daysOf(report)}`,
    `${words.made}: ${at(report.madeAt)}`,
    report.forPublication ? words.published(report.smallBelow) : words.internal,
    ...(report.isOver ? [] : [words.notOver]),
    words.counts,
    ...(hasNone(report) ? [`${words.none}: ${words.isNone}.`] : []),
  ]
}

/** The first and the last day, and by which clock days begin. */
function daysOf({ period, from, to, timeZone }: HouseReport): string {
  const first = localDay(Date.parse(from), timeZone)
  const last = localDay(Date.parse(to) - 1, timeZone)
  return `${period}, ${first} – ${last}, ${timeZone}`
}

function hasNone({ figures }: HouseReport): boolean {
  return figures.some(({ lines }) => lines.some(({ cells }) => cells.includes(null)))
}

/** Words of the house; what is missing is said to be. */
export function bodyOf({ body }: ReportWords, language: Language): string {
  return body[language] ?? WORDS[language].unwritten
}

/** What others published, by whom and of which year. */
export function besideText(beside: PublishedFigure, language: Language): string {
  return WORDS[language].beside(beside)
}

/** Ids of rows that are new stand in the JSON: they are for who looks into it. */
function closingOf({ closed, timeZone }: HouseReport, language: Language): readonly string[] {
  if (closed === null) return []
  const words = WORDS[language]
  return [
    words.closed(localTime(Date.parse(closed.at), timeZone), closed.digest),
    closed.isChanged ? words.changed : words.unchanged,
    ...closed.changes.map((change) => words.change(change)),
  ]
}

/** As people of that language write numbers; a sign where there is none. */
export function cellText(cell: ReportCell, language: Language): string {
  if (cell === 'hidden') return WORDS[language].hidden
  if (cell === null) return WORDS[language].none
  return cell.toLocaleString(language === 'sv' ? 'sv-SE' : 'en-GB')
}

/** The rows of a figure: names, then a cell a column; others' figures have the first column alone. */
function rowsOf(figure: ReportFigure, language: Language): readonly (readonly string[])[] {
  const own = figure.lines.map(({ name, cells }) => [
    name[language],
    ...cells.map((cell) => cellText(cell, language)),
  ])
  const others = figure.beside.map((beside) => [
    besideText(beside, language),
    cellText(beside.value, language),
  ])
  return [...own, ...others]
}

export function captionOf(
  { title, unit }: Pick<ReportFigure, 'title' | 'unit'>,
  language: Language,
): string {
  return `${title[language]} (${UNITS[unit][language]})`
}

/** The report as text in columns. */
export function asPlainText(report: HouseReport, language: Language): string {
  const parts = [
    [
      report.title[language],
      report.house,
      ...headOf(report, language),
      ...closingOf(report, language),
    ].join('\n'),
    ...report.figures.map((figure) => {
      const rows = [['', ...report.columns], ...rowsOf(figure, language)]
      return `${captionOf(figure, language)}  [${figure.id}]\n${inColumns(rows)}`
    }),
    ...report.texts.map((words) => `${words.heading[language]}\n${bodyOf(words, language)}`),
  ]
  return parts.join('\n\n')
}

function inColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (row: readonly string[]) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
  return rows.map((row) => `  ${line(row).join('  ')}`.trimEnd()).join('\n')
}

const CSV_COLUMNS = ['figure', 'unit', 'group', 'group_name', 'period', 'value', 'hidden', 'source']

/** One row a cell; what is hidden has no value. Decimals have a point, whatever the language. */
export function asCsv(report: HouseReport, language: Language): string {
  const rows = report.figures.flatMap(({ id, unit, lines, beside }) => [
    ...lines.flatMap(({ group, name, cells }) =>
      cells.map((cell, column) => [
        ...[id, unit, group ?? '', name[language], report.columns[column] ?? ''],
        ...[cell === 'hidden' || cell === null ? '' : cell, cell === 'hidden' ? 'yes' : '', ''],
      ]),
    ),
    ...beside.map(({ by, year, value }) => [id, unit, '', '', String(year), value, '', by]),
  ])
  return [CSV_COLUMNS, ...rows].map((row) => csvRow(row, COMMAS)).join('')
}

const STYLE = `
:root { color-scheme: light dark; --ink: #111; --paper: #fff; --line: #999; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #161616; --line: #777; } }
body { font: 11pt/1.4 "Noto Sans", "DejaVu Sans", Arial, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .3rem; break-after: avoid; }
header p { margin: .15rem 0; overflow-wrap: anywhere; }
section { margin: 1.6rem 0; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: bold; padding: .3rem 0; break-after: avoid; }
th, td { padding: .2rem .5rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top;
  font-weight: normal; }
th:first-child { width: 34%; text-align: left; overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid var(--ink); font-weight: bold; white-space: nowrap; }
tr { break-inside: avoid; }
tr.all > * { font-weight: bold; border-top: 1px solid var(--ink); }
tr.beside > * { font-style: italic; }
tr.beside td { text-align: left; }
abbr { text-decoration: none; }
.says { font-size: .9rem; margin: .3rem 0; break-before: avoid; }
@page { size: A4; margin: 18mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 9pt; } }
@media (max-width: 40rem) { table { min-width: 34rem; } }
@media print { body { margin: 0; max-width: none; padding: 0; } section { overflow: visible; }
  section.short { break-inside: avoid; } }
`

/** A table of more rows would leave much of a sheet empty where it was kept whole. */
const SHORT_ROWS = 15

/** One HTML file that prints: no script, nothing from elsewhere. */
export function asPage(report: HouseReport, language: Language): string {
  const title = escaped(`${report.title[language]}, ${report.period}`)
  const head = [...headOf(report, language), ...closingOf(report, language)]
    .map((line) => `<p>${escaped(line)}</p>`)
    .join('\n')
  const figures = report.figures.map((figure) => sectionOf(report, figure, language)).join('\n')
  const texts = report.texts
    .map((words) => {
      const paragraphs = bodyOf(words, language)
        .split(/\n\s*\n/)
        .map((one) => `<p>${escaped(one)}</p>`)
      return `<section>\n<h2>${escaped(words.heading[language])}</h2>\n${paragraphs.join('\n')}\n</section>`
    })
    .join('\n')
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${escaped(report.house)}</p>
${head}
</header>
<main>
${figures}
${texts}
</main>
</body>
</html>
`
}

function sectionOf({ columns }: HouseReport, figure: ReportFigure, language: Language): string {
  const headings = columns.map((name) => `<th scope="col">${escaped(name)}</th>`).join('')
  const rows = rowsOf(figure, language).map((cells, index) => {
    const line = figure.lines[index]
    const kind = line === undefined ? ' class="beside"' : line.group === null ? ' class="all"' : ''
    const [name = '', ...values] = cells
    const cell = (at: number) => cellMarkup(values[at] ?? '', language)
    // Others' figures are of another year than any column.
    const filled =
      line === undefined
        ? [`<td colspan="${columns.length}">${cell(0)}</td>`]
        : columns.map((_column, at) => `<td>${cell(at)}</td>`)
    return `<tr${kind}><th scope="row">${escaped(name)}</th>${filled.join('')}</tr>`
  })
  const kind = rows.length > SHORT_ROWS ? '' : ' class="short"'
  return `<section${kind}>
<table>
<caption>${escaped(captionOf(figure, language))}</caption>
<thead><tr><th scope="col">${WORDS[language].group}</th>${headings}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
<p class="says">${escaped(figure.says[language])}</p>
</section>`
}

/** What stands for no number says what it is, to who points at it or has it read out; undefined of a number. */
export function meaningOf(text: string, language: Language): string | undefined {
  const { hidden, isHidden, none, isNone } = WORDS[language]
  if (text === hidden) return isHidden
  return text === none ? isNone : undefined
}

function cellMarkup(text: string, language: Language): string {
  const meaning = meaningOf(text, language)
  return meaning === undefined ? escaped(text) : `<abbr title="${meaning}">${text}</abbr>`
}

/** A form in which a report is handed on. */
export interface ReportFormat {
  /** Of the name of a file. */
  readonly ending: string
  readonly contentType: string
  readonly write: (report: HouseReport, language: Language) => string
}

/** What a report is written as: for people, for spreadsheets, for the printer, for programs. */
export const REPORT_FORMATS = {
  text: { ending: 'txt', contentType: 'text/plain; charset=utf-8', write: asPlainText },
  csv: { ending: 'csv', contentType: 'text/csv; charset=utf-8', write: asCsv },
  html: { ending: 'html', contentType: 'text/html; charset=utf-8', write: asPage },
  json: {
    ending: 'json',
    contentType: 'application/json; charset=utf-8',
    write: (report) => `${JSON.stringify(report, null, 2)}\n`,
  },
} as const satisfies Readonly<Record<string, ReportFormat>>

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
])

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES.get(sign) ?? sign)
}
