import { type Principal, requirePermission } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { defang, HOUR_MS, isoTime, own } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Tips } from '../intake/index.ts'
import {
  DECLARED_FIGURES,
  type FigureId,
  type FigureRow,
  figureOf,
  type Period,
  parsePeriod,
  partsOf,
  periodsEndedBefore,
  type Stats,
} from '../stats/index.ts'
import { type Context, type Transaction, unlessDamaged } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'
import { type KeptClosing, createClosings } from './closings.ts'
import { REPORTS } from './declared.ts'
import { groupName } from './group-words.ts'
import type {
  ExplainedRow,
  FigureExplanation,
  HouseReport,
  ReportFigure,
  ReportLine,
  ReportName,
  ReportWords,
} from './report-types.ts'
import { ROW_READS } from './report-types.ts'
import { type CountLine, wholly, withoutSmallCounts, withoutSmallValues } from './small-numbers.ts'
import { createStanding, type StandingFigure } from './standing.ts'

const DAY_MS = 24 * HOUR_MS

/** What a house reports to others, counted from its records. */
export interface Reports {
  /**
   * A report of a year, quarter or month; of one that was closed, what has become of its figures since.
   *
   * @param forPublication Small numbers are hidden. Throws INVALID_INPUT for a period by which it is not published,
   * and CONFLICT while the period lasts
   */
  make(name: ReportName, period: string, forPublication: boolean): Promise<HouseReport>
  /**
   * The rows of a figure, a page of them, with what each is about. Throws NOT_FOUND, INVALID_INPUT; FORBIDDEN for
   * whoever may not read such records.
   */
  explain(
    by: Principal,
    figure: string,
    period: string,
    page: { readonly from: number; readonly limit: number },
  ): Promise<FigureExplanation>
  /**
   * Keeps what is counted of a period and of its parts, with a digest in the audit: what retention takes from now on
   * stands as counted. Throws INVALID_INPUT, CONFLICT while it lasts and where it is closed already.
   */
  close(by: string, period: string): Promise<PeriodClosing>
  /** The periods that were closed, by name. */
  closings(): Promise<readonly PeriodClosing[]>
  /** Closes what is over for as long as the settings say; resolves to how many. */
  closeDue(by: string): Promise<number>
}

/** A period that was closed. */
export type PeriodClosing = Pick<KeptClosing, 'period' | 'closedAt' | 'by' | 'digest'>

export function createReports(
  context: Pick<Context, 'store' | 'clock' | 'sealer'>,
  audit: Pick<Audit, 'append'>,
  parts: {
    readonly stats: Pick<Stats, 'counted'>
    readonly tips: Pick<Tips, 'read'>
    readonly cases: Pick<Cases, 'read'>
    readonly takedown: Pick<Takedown, 'read' | 'objections'>
    readonly independence: ReportWords['body']
    readonly config: Config
  },
): Reports {
  const { store, clock } = context
  const { stats, tips, cases, takedown, config } = parts
  const { timeZone } = config.takedown
  const settings = config.reports
  const closings = createClosings(context)
  const standing = createStanding({ closings, tips, cases, takedown })
  const now = () => isoTime(clock.now())

  async function columnsOf(tx: Transaction, period: Period, ids: readonly FigureId[]) {
    const counted = await stats.counted(tx, period)
    const found = new Map<FigureId, readonly StandingFigure[]>()
    for (const id of ids) {
      const columns: StandingFigure[] = []
      for (const of of [period, ...counted.parts]) {
        columns.push(await standing(tx, counted, id, of))
      }
      found.set(id, columns)
    }
    return { found, closed: await closings.get(tx, period.name) }
  }

  async function closeIn(tx: Transaction, by: string, period: Period): Promise<PeriodClosing> {
    const counted = await stats.counted(tx, period)
    const ids = Object.keys(DECLARED_FIGURES) as FigureId[]
    const figures = ids.map((id) => ({ id, value: counted.value(id), rows: counted.rows(id) }))
    const at = now()
    const digest = closings.put(tx, period.name, figures, { by, at })
    const rows = figures.reduce((sum, figure) => sum + figure.rows.length, 0)
    const detail = { digest, figures: figures.length, rows }
    audit.append(tx, { by, action: 'report.close', subject: period.name, detail })
    return { period: period.name, closedAt: at, by, digest }
  }

  /** Of the parts first, so that a month stands as its quarter does. */
  async function closeWithParts(by: string, period: Period): Promise<PeriodClosing | undefined> {
    for (const part of partsOf(period, timeZone)) await closeWithParts(by, part)
    return store.transact(async (tx) => {
      const isClosed = (await closings.get(tx, period.name)) !== undefined
      return isClosed ? undefined : closeIn(tx, by, period)
    })
  }

  return {
    async make(name, text, forPublication) {
      const declared = REPORTS[name]
      const period = parsePeriod(text, timeZone, 'period')
      const madeAt = now()
      const isOver = period.to <= madeAt
      if (forPublication) checkPublished(name, period, isOver)
      const { found, closed } = await store.transact((tx) =>
        columnsOf(tx, period, declared.figures),
      )
      const figures = declared.figures.map((id): ReportFigure => {
        const { unit, title, says } = figureOf(id)
        const columns = found.get(id) ?? []
        const kinds = new Set(columns.flatMap(({ rows }) => rows.map((row) => row.of)))
        return {
          id,
          unit,
          title,
          says,
          lines: linesOf(columns),
          beside: declared.beside[id] ?? [],
          rowKinds: forPublication ? [] : [...kinds],
        }
      })
      const changes = declared.figures.flatMap((id) => found.get(id)?.[0]?.change ?? [])
      return {
        report: name,
        title: declared.title,
        house: config.mail.organisation,
        period: period.name,
        timeZone,
        from: period.from,
        to: period.to,
        madeAt,
        isOver,
        forPublication,
        smallBelow: settings.smallBelow,
        columns: [period.name, ...partsOf(period, timeZone).map((part) => part.name)],
        figures: forPublication ? published(found, figures, settings.smallBelow) : figures,
        texts: declared.hasIndependence ? [independenceText(parts.independence)] : [],
        closed:
          closed === undefined
            ? null
            : {
                at: closed.closedAt,
                digest: closed.digest,
                isChanged: changes.some(({ added, changed, left }) => added + changed + left > 0),
                changes: forPublication ? [] : changes,
              },
      }
    },

    explain: (by, id, text, { from, limit }) =>
      store.transact(async (tx) => {
        const { unit, title, says } = figureOf(id)
        const figure = id as FigureId
        const period = parsePeriod(text, timeZone, 'period')
        const counted = await stats.counted(tx, period)
        const { value, rows } = await standing(tx, counted, figure, period)
        for (const kind of new Set(rows.map((row) => row.of)))
          requirePermission(by, ROW_READS[kind])
        const shown: ExplainedRow[] = []
        for (const row of rows.slice(from, from + limit)) {
          shown.push({ ...row, shows: await whatOf(tx, row) })
        }
        const { all, gone } = value
        const about = { figure, unit, title, says, period: period.name }
        return { ...about, value: all, rowsInAll: rows.length, gone, rows: shown }
      }),

    async close(by, text) {
      const period = parsePeriod(text, timeZone, 'period')
      if (period.to > now()) {
        throw new HindraError('CONFLICT', { says: 'period-open', period: period.name })
      }
      const closed = await closeWithParts(by, period)
      if (closed !== undefined) return closed
      throw new HindraError('CONFLICT', { says: 'period-closed', period: period.name })
    },

    closings: () => closings.list(),

    async closeDue(by) {
      if (settings.closeDays === 0) return 0
      let closed = 0
      const before = clock.now() - settings.closeDays * DAY_MS
      for (const period of periodsEndedBefore(before, timeZone)) {
        if ((await closeWithParts(by, period)) !== undefined) closed += 1
      }
      return closed
    },
  }

  /** What a row is about, in one line; null where it cannot be read. */
  async function whatOf(tx: Transaction, { of, id }: FigureRow): Promise<string | null> {
    switch (of) {
      case 'tip': {
        const tip = await unlessDamaged(tips.read(tx, id))
        if (tip === undefined) return null
        const { status, source, url } = tip
        return `${status}, ${source}, ${url === undefined ? 'in words' : defang(url)}`
      }
      case 'case': {
        const entry = await unlessDamaged(cases.read(tx, id))
        if (entry === undefined) return null
        return `${entry.status}, ${entry.hostName ?? 'no host known'}, ${defang(entry.url)}`
      }
      case 'notice': {
        const notice = await unlessDamaged(takedown.read(tx, id))
        if (notice === undefined) return null
        return `${notice.step} to ${notice.hostName} (${notice.role}), ${notice.state}`
      }
      case 'objection': {
        const objection = await unlessDamaged(takedown.objections.read(tx, id))
        if (objection === undefined) return null
        const { objector, state, caseId } = objection
        return `by ${objector}, ${state}, against case ${caseId}`
      }
      case 'assessment':
      case 'panel':
      case 'sample':
        return null
    }
  }
}

function independenceText(body: ReportWords['body']): ReportWords {
  const heading = {
    sv: 'Hur oberoendet av leverantörer av onlineplattformar säkerställs',
    en: 'How independence from providers of online platforms is ensured',
  }
  return { heading, body }
}

/** Throws INVALID_INPUT, CONFLICT. */
function checkPublished(name: ReportName, { name: period }: Period, isOver: boolean): void {
  const { publishedBy } = REPORTS[name]
  const isQuarter = period.includes('-Q')
  const isYear = !period.includes('-')
  if (publishedBy === 'year' ? !isYear : !isQuarter) {
    const message = { says: 'period-of-report', report: name, period: publishedBy } as const
    throw new HindraError('INVALID_INPUT', message, { field: 'period' })
  }
  if (isOver) return
  throw new HindraError('CONFLICT', { says: 'period-unpublished', period })
}

/** A line a group, then that of all. */
function linesOf(columns: readonly StandingFigure[]): readonly ReportLine[] {
  const groups = new Set(columns.flatMap(({ value }) => Object.keys(value.groups)))
  return [
    ...Array.from(groups, (group) => ({
      group,
      name: groupName(group),
      cells: columns.map(({ value }) => own(value.groups, group) ?? 0),
    })),
    { group: null, name: groupName(null), cells: columns.map(({ value }) => value.all) },
  ]
}

/** The figures with all hidden that is small, or that tells what is. */
function published(
  found: ReadonlyMap<FigureId, readonly StandingFigure[]>,
  figures: readonly ReportFigure[],
  below: number,
): readonly ReportFigure[] {
  const hidden = figures.map((figure) => {
    const { measure } = figureOf(figure.id)
    if (measure === 'count') {
      return { figure, ...withoutSmallCounts(figure.lines as readonly CountLine[], below) }
    }
    const backed = (found.get(figure.id) ?? []).map(({ value, all }) => {
      const held = all.filter(({ holds }) => holds === true).length
      const meant = measure === 'share' ? { held } : {}
      return { value: value.all, rows: all.length, ...meant }
    })
    const cells = withoutSmallValues(backed, below)
    return { figure, lines: figure.lines.map((line) => ({ ...line, cells })), isAllHidden: false }
  })
  // The same sum in another figure would tell the one that is hidden here.
  const sums = new Set(
    hidden.flatMap(({ figure, isAllHidden }) => (isAllHidden ? [sumOf(figure)] : [])),
  )
  return hidden.map(({ figure, lines }) => ({
    ...figure,
    lines: sums.has(sumOf(figure)) ? figure.lines.map(wholly) : lines,
  }))
}

function sumOf({ lines }: ReportFigure): unknown {
  return lines.at(-1)?.cells[0]
}
