import { z } from 'zod'
import { own } from '../../core/index.ts'
import { TIP_CATEGORY_WORDS } from '../../intake/terms.ts'
import { cellText, groupName } from '../../reports/terms.ts'
import type { HostFigures, PeriodTable, QuarterTable } from '../../stats/index.ts'
import { DECLARED_FIGURES, quarterOf, UNITS } from '../../stats/terms.ts'
import { Cell, Figure, type FigureLine } from '../components/figure.tsx'
import { PAGE_ROWS, PlacePager } from '../components/pager.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Periods } from '../components/periods.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { page, type Visit } from '../page.ts'

type DeclaredId = keyof typeof DECLARED_FIGURES
/** A number of a table by its name, where it is one. */
type NumberName = {
  [Name in keyof PeriodTable]: PeriodTable[Name] extends number | null ? Name : never
}[keyof PeriodTable]
type GroupsName = {
  [Name in keyof PeriodTable]: PeriodTable[Name] extends Readonly<Record<string, number>>
    ? Name
    : never
}[keyof PeriodTable]

/** The figures of a period and of its parts, as `hindra stats` gives them, drawn and in tables. */
export const statisticsPage = page({
  path: '/console/statistics',
  needs: 'stats:read',
  input: z.object({
    period: z.string().max(16).optional(),
    from: z.coerce.number().int().min(0).default(0),
  }),
  async show(visit, { period: asked, from }) {
    const { words, calls, now, config } = visit
    const { figures: said } = words
    const quarter = asked ?? quarterOf(now, config.takedown.timeZone).name
    const { whole, parts, hosts } = await calls.stats.together({ quarter })
    const hostsShown = hosts.slice(from, from + PAGE_ROWS)
    return {
      title: `${said.statistics} ${whole.quarter}`,
      body: (
        <>
          <Periods period={whole.quarter} />
          <Pairs
            rows={[
              [said.from, <When key="from" at={whole.from} />],
              [said.to, <When key="to" at={whole.to} />],
            ]}
          />
          {Date.parse(whole.to) > now && <p>{said.notOver}</p>}
          <Blocks visit={visit} tables={[whole, ...parts]} />
          <Section id="hosts" title={said.sections.hosts}>
            <p class="hint">{said.hosts.says}</p>
            <Hosts hosts={hostsShown} visit={visit} />
            <PlacePager
              filter={{ period: asked }}
              from={from}
              shown={hostsShown.length}
              all={hosts.length}
            />
          </Section>
          <Section id="now" title={said.now}>
            <Now whole={whole} visit={visit} />
          </Section>
        </>
      ),
    }
  },
})

function Blocks({
  visit,
  tables,
}: {
  readonly visit: Visit
  readonly tables: readonly PeriodTable[]
}) {
  const { words, language } = visit
  const { figures: said } = words
  const { blocks } = said
  const columns = tables.map(({ quarter }) => quarter)
  const [whole = ''] = columns

  /** Lines of single numbers, which are no parts of one another. */
  const numbers = (lines: readonly (readonly [name: string, of: NumberName])[]) =>
    lines.map(([name, of]): FigureLine => ({ name, cells: tables.map((table) => table[of]) }))
  const named = (id: DeclaredId & NumberName) => [DECLARED_FIGURES[id].title[language], id] as const
  const groups = (of: GroupsName, nameOf: (group: string) => string): readonly FigureLine[] => {
    const each = tables.map((table): Readonly<Record<string, number>> => table[of])
    const names = new Set(each.flatMap((one) => Object.keys(one)))
    return Array.from(names, (group) => ({
      name: nameOf(group),
      cells: each.map((one) => own(one, group) ?? 0),
    }))
  }
  /** A figure that is declared: its own words, and its rows for who may see such records. */
  const declared = (
    id: DeclaredId,
    reads: 'tip:read' | 'case:read',
    lines: readonly FigureLine[],
  ) => {
    const { title, says, unit } = DECLARED_FIGURES[id]
    return (
      <Figure
        id={id}
        title={`${title[language]} (${UNITS[unit][language]})`}
        says={says[language]}
        columns={columns}
        lines={lines}
        rowsAt={
          visit.may(['case:read', reads]) ? `/console/figures/${id}?period=${whole}` : undefined
        }
      />
    )
  }
  const source = (group: string) => groupName(group)[language]
  const single = (id: DeclaredId & NumberName, reads: 'tip:read' | 'case:read') =>
    declared(id, reads, numbers([named(id)]))

  return (
    <>
      <Section id="tips-part" title={said.sections.tips}>
        {declared('tips', 'tip:read', groups('tips', source))}
        {single('ownRequestTips', 'tip:read')}
        {declared('tipsWithoutUrl', 'tip:read', groups('tipsWithoutUrl', source))}
        {declared(
          'tipsByCategory',
          'tip:read',
          groups(
            'tipsByCategory',
            (group) => own(TIP_CATEGORY_WORDS, group)?.[language] ?? source(group),
          ),
        )}
        <Figure
          id="sisterMails"
          title={blocks.sisterMails}
          columns={columns}
          lines={[
            { name: blocks.sisterMailsTaken, cells: tables.map((one) => one.sisterMails.taken) },
            {
              name: blocks.sisterMailAttachments,
              cells: tables.map((one) => one.sisterMails.attachments),
            },
          ]}
        />
      </Section>
      <Section id="sightings-part" title={said.sections.sightings}>
        <Figure
          id="sightings"
          title={blocks.files}
          says={blocks.filesSays}
          columns={columns}
          lines={numbers([
            [blocks.sightings, 'sightings'],
            [blocks.pictures, 'pictures'],
            [blocks.films, 'films'],
            [blocks.failed, 'failed'],
            [blocks.retroactive, 'retroactive'],
          ])}
        />
        <Figure
          id="verdicts"
          title={blocks.verdicts}
          says={blocks.verdictsSays}
          columns={columns}
          lines={groups('verdicts', (group) => own(said.verdicts, group) ?? group)}
        />
        <Figure
          id="sightingsBySource"
          title={blocks.sources}
          says={blocks.sourcesSays}
          columns={columns}
          lines={groups('sightingsBySource', (group) => group)}
        />
      </Section>
      <Section id="cases-part" title={said.sections.cases}>
        <Figure
          id="cases"
          title={blocks.cases}
          columns={columns}
          lines={numbers([
            named('casesOpened'),
            named('ownRequestCases'),
            named('removed'),
            named('ownRequestsRemoved'),
            named('reopened'),
          ])}
        />
        {declared(
          'casesByStatus',
          'case:read',
          groups('casesByStatus', (group) => own(words.case.statuses, group) ?? source(group)),
        )}
        {declared('casesByCountry', 'case:read', groups('casesByCountry', source))}
      </Section>
      <Section id="told-part" title={said.sections.told}>
        <Figure
          id="notices"
          title={blocks.notices}
          says={blocks.noticesSays}
          columns={columns}
          lines={numbers([
            named('noticesSent'),
            named('remindersSent'),
            named('escalationsSent'),
            named('correctionsSent'),
            named('othersSent'),
            named('noticesBounced'),
            named('noticesFailed'),
          ])}
        />
        <Figure
          id="webhooks"
          title={blocks.webhooks}
          columns={columns}
          lines={[
            { name: blocks.delivered, cells: tables.map((one) => one.webhooks.delivered) },
            { name: blocks.dead, cells: tables.map((one) => one.webhooks.dead) },
          ]}
        />
      </Section>
      <Section id="removal-part" title={said.sections.removal}>
        {single('removed', 'case:read')}
        {single('hoursToRemovalMedian', 'case:read')}
        {single('hoursToRemovalP90', 'case:read')}
      </Section>
      <Section id="judging-part" title={said.sections.judging}>
        {single('agreement', 'case:read')}
        <Figure
          id="looks"
          title={blocks.looks}
          says={blocks.looksSays}
          columns={columns}
          lines={[
            { name: blocks.looksTaken, cells: tables.map(({ looks }) => looks.taken ?? 'hidden') },
            {
              name: blocks.looksFurther,
              cells: tables.map(({ looks }) => looks.further ?? 'hidden'),
            },
            {
              name: blocks.noticesPerLook,
              cells: tables.map(({ looks }) =>
                looks.taken === null ? 'hidden' : looks.noticesPerLook,
              ),
            },
            {
              name: blocks.corrections,
              cells: tables.map(({ looks }) => looks.correctionsPerThousandNotices),
            },
          ]}
        />
        <Figure
          id="samples"
          title={blocks.samples}
          says={blocks.samplesSays}
          columns={columns}
          lines={(
            [
              [blocks.samplesDrawn, 'drawn'],
              [blocks.samplesAgain, 'again'],
              [blocks.samplesAgreed, 'agreed'],
              [blocks.samplesDiffered, 'differed'],
              [blocks.samplesCorrected, 'corrected'],
            ] as const
          ).map(([name, of]) => ({
            name,
            cells: tables.map(({ samples }) => samples[of] ?? 'hidden'),
          }))}
        />
      </Section>
    </>
  )
}

function Hosts({
  hosts,
  visit,
}: {
  readonly hosts: readonly HostFigures[]
  readonly visit: Visit
}) {
  const { words } = visit
  const { hosts: said } = words.figures
  return (
    <Rows
      caption={words.figures.sections.hosts}
      rows={hosts}
      idOf={({ host }) => host}
      empty={words.none}
      columns={[
        { head: said.host, cell: ({ host }) => host },
        { head: said.cases, cell: ({ cases }) => <Cell cell={cases} /> },
        { head: said.removed, cell: ({ removed }) => <Cell cell={removed} /> },
        { head: said.reappeared, cell: ({ reappeared }) => <Cell cell={reappeared} /> },
        { head: said.median, cell: (one) => <Cell cell={one.hoursToRemovalMedian} /> },
        { head: said.p90, cell: (one) => <Cell cell={one.hoursToRemovalP90} /> },
      ]}
    />
  )
}

function Now({ whole, visit }: { readonly whole: QuarterTable; readonly visit: Visit }) {
  const { words, language } = visit
  const { figures: said } = words
  const { waiting, onePersonLists, quarantined } = whole
  return (
    <Pairs
      rows={[
        [said.waiting, cellText(waiting.count, language)],
        [said.oldest, waiting.oldestSince !== null && <When at={waiting.oldestSince} />],
        [said.onePersonLists, onePersonLists.join(', ') || words.no],
        [said.quarantined, cellText(quarantined, language)],
      ]}
    />
  )
}
