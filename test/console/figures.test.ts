import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HouseReport, cellText } from '../../src/reports/terms.ts'
import { DECLARED_FIGURES } from '../../src/stats/terms.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'
import { printed } from './printed.ts'

/** In the middle of a quarter, whose months all have passed by the time of the reader. */
const THEN = Date.parse('2025-08-20T10:00:00Z')
const QUARTER = '2025-Q3'

let world: ConsoleWorld
/** How far the clock of the house is from that of the browsers. */
let offset = 0
beforeAll(async () => {
  world = await openConsole(
    { 'trace.registries': false, 'mail.organisation': 'Hotline Testland' },
    { clock: { now: () => Date.now() + offset } },
  )
  await told(7, 'alpha')
  await told(2, 'beta')
})
afterAll(() => world.dispose())

/** As if it were then, also where it fails. */
async function back<Value>(work: () => Promise<Value>): Promise<Value> {
  offset = THEN - Date.now()
  try {
    return await work()
  } finally {
    offset = 0
  }
}

/** So many tips of then, each assessed at once. */
async function told(count: number, host: string): Promise<void> {
  await back(async () => {
    const { key } = await world.api.keyOf('intake', 'analyst')
    for (let number = 0; number < count; number += 1) {
      const url = `https://${host}.example/secret-path-${String(number)}.jpg`
      const tip = await world.api.call('POST', '/v1/tips', { key, body: { source: 'public', url } })
      const { id } = tip.body as { id: string }
      const { status } = await world.api.call('POST', '/v1/assessments', {
        key,
        body: { url, tipId: id, classification: 'Baseline', reason: 'as seen' },
      })
      expect(status).toBe(201)
    }
  })
}

/** The cells of each table of a page, by the id of its figure: name of the row, then its numbers. */
function tablesOf(html: string): ReadonlyMap<string, readonly (readonly string[])[]> {
  const sections = html.split('<section class="figure" aria-labelledby="').slice(1)
  return new Map(
    sections.map((section) => {
      const body = section.split('<tbody>')[1]?.split('</tbody>')[0] ?? ''
      const rows = body.split('<tr').slice(1)
      return [
        section.split('"')[0] ?? '',
        rows.map((row) =>
          Array.from(row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g), ([, cell = '']) =>
            cell.replaceAll(/<[^>]+>/g, '').replaceAll('&#39;', "'"),
          ),
        ),
      ] as const
    }),
  )
}

describe('the page of statistics', () => {
  it('has the numbers that the command prints, of the quarter and of each month of it', async () => {
    const officer = await world.signIn('S-OFFICER', 'officer')
    const { html, status } = await officer.get(`/console/statistics?period=${QUARTER}`)
    expect(status).toBe(200)
    const tables = tablesOf(html)
    const args = ['stats', '--quarter', QUARTER, '--parts']
    const lines = (await printed(world.api, ['officer'], ...args))
      .split('\n')
      .map((line) => line.split(/  +/))
    const printedOf = (name: string) => lines.find(([first]) => first === name)?.slice(1)
    expect(printedOf('quarter')).toEqual(['2025-07', '2025-08', '2025-09', QUARTER])
    // The command has the whole behind its parts, the page before them.
    const rowOf = (id: string, name: string) => {
      const [whole, ...parts] =
        tables
          .get(id)
          ?.find(([first]) => first === name)
          ?.slice(1) ?? []
      return [...parts, whole]
    }
    expect(printedOf('tips public')).toEqual(['0', '9', '0', '9'])
    for (const [id, name, figure] of [
      ['tips', 'the public', 'tips public'],
      ['cases', DECLARED_FIGURES.casesOpened.title.en, 'casesOpened'],
      ['casesByStatus', 'open', 'casesByStatus open'],
      ['verdicts', 'no match', 'verdicts none'],
    ] as const) {
      expect([id, rowOf(id, name)]).toEqual([id, printedOf(figure)])
    }
    expect(
      rowOf('hoursToRemovalMedian', tables.get('hoursToRemovalMedian')?.[0]?.[0] ?? ''),
    ).toEqual(['–', '–', '–', '–'])
  })

  it('says the same in a chart that has a name and in a table, and needs no script or style of its own', async () => {
    const auditor = await world.signIn('S-AUDITOR', 'auditor')
    const { html } = await auditor.get(`/console/statistics?period=${QUARTER}`)
    const charts = Array.from(html.matchAll(/<svg.*?<\/svg>/gs), ([svg]) => svg)
    expect(charts.length).toBeGreaterThan(3)
    for (const svg of charts) {
      expect(svg).toMatch(/role="img"/)
      const [, named = '', said = ''] = /aria-labelledby="(\S+) (\S+)"/.exec(svg) ?? []
      expect(svg).toContain(`<title id="${named}">`)
      expect(svg).toContain(`<desc id="${said}">`)
    }
    expect(html).not.toMatch(/\sstyle=|<script(?! type="module" src)/)
    expect(new Set(Array.from(html.matchAll(/\sid="([^"]+)"/g), ([, id]) => id)).size).toBe(
      Array.from(html.matchAll(/\sid="[^"]+"/g)).length,
    )
  })

  it('refuses a period that is none, with what one is, and shows a year and a month', async () => {
    const anna = await world.signIn('S-STAT', 'statistics')
    for (const period of ['2025-Q5', 'x', '2025-13', "'><b>"]) {
      const { status, html } = await anna.get(
        `/console/statistics?period=${encodeURIComponent(period)}`,
      )
      expect([period, status]).toEqual([period, 400])
      expect(html).toContain('2026-Q4')
      expect(html).not.toContain('<b>')
    }
    const year = await anna.get('/console/statistics?period=2025')
    expect(
      tablesOf(year.html)
        .get('tips')
        ?.find(([name]) => name === 'the public'),
    ).toEqual([...['the public', '9', '0', '0', '9', '0']])
    const month = await anna.get('/console/statistics?period=2025-08')
    expect(
      tablesOf(month.html)
        .get('tips')
        ?.find(([name]) => name === 'the public'),
    ).toEqual([...['the public', '9']])
  })

  it('links no rows for who may not see them, and shows none', async () => {
    const anna = await world.signIn('S-STAT2', 'statistics')
    for (const place of [
      `/console/statistics?period=${QUARTER}`,
      `/console/reports/ecpat?period=${QUARTER}`,
    ]) {
      const { html } = await anna.get(place)
      expect(html).not.toContain('/console/figures/')
      expect(html).not.toContain('secret-path')
    }
    const rows = await anna.get(`/console/figures/tips?period=${QUARTER}`)
    expect(rows.status).toBe(403)
    // An officer may see cases and no tips.
    const officer = await world.signIn('S-OFF2', 'officer')
    const { html } = await officer.get(`/console/reports/ecpat?period=${QUARTER}`)
    expect(html).not.toContain('/console/figures/tips?')
    expect(html).toContain('/console/figures/removed?')
    expect((await officer.get(`/console/figures/tips?period=${QUARTER}`)).status).toBe(403)
  })
})

describe('the page of a report', () => {
  const FIGURES = { ecpat: QUARTER, inhope: '2025', dsa: '2025' } as const

  it.each(['ecpat', 'inhope', 'dsa'] as const)(
    'has every number of %s that the command prints, in both languages',
    async (name) => {
      const period = FIGURES[name]
      const auditor = await world.signIn(`R-${name}`, 'auditor')
      for (const language of ['en', 'sv'] as const) {
        await auditor.get('/console/reports')
        await auditor.post('/console/language', { language, place: '/console/reports' })
        const { html } = await auditor.get(`/console/reports/${name}?period=${period}`)
        const said = await printed(
          world.api,
          ['auditor'],
          ...['report', name, '--period', period, '--lang', language, '--json'],
        )
        const report = JSON.parse(said) as HouseReport
        const tables = tablesOf(html)
        expect([...tables.keys()]).toEqual(report.figures.map(({ id }) => id))
        for (const { id, lines } of report.figures) {
          const own = tables.get(id)?.slice(0, lines.length)
          expect([id, own]).toEqual([
            id,
            lines.map((line) => [
              line.name[language],
              ...line.cells.map((cell) => cellText(cell, language)),
            ]),
          ])
        }
      }
    },
  )

  it('tells a journalist with the print no small number, URL or id, in no part of the page', async () => {
    const auditor = await world.signIn('R-PRINT', 'auditor')
    const { html } = await auditor.get('/console/reports/dsa?period=2025&publish=true')
    const main = html.split('<main')[1] ?? ''
    expect(main).toContain('(·)')
    for (const secret of ['secret-path', '://', 'beta.example/', '/console/figures/']) {
      expect([secret, main.includes(secret)]).toEqual([secret, false])
    }
    // What is hidden has no bar by whose length it could be read off.
    const report = await world.api.engine
      .as({ id: 'a', pseudonym: 'A', kind: 'person', roles: ['auditor'] })
      .reports.make({ report: 'ecpat', period: QUARTER, publish: 'true' })
    const page = await auditor.get(`/console/reports/ecpat?period=${QUARTER}&publish=true`)
    const unseen: string[] = []
    for (const { id, lines } of report.figures) {
      const section = page.html.split(`aria-labelledby="${id}">`)[1]?.split('</section>')[0] ?? ''
      const shown = lines.flatMap(({ cells }) => cells).filter((cell) => typeof cell === 'number')
      const drawn = Array.from(
        section.matchAll(/<rect class="bar"[^>]* (?:width|height)="([\d.]+)"/g),
      )
      const long = drawn.filter(([rect]) => !/(?:width|height)="0"/.test(rect))
      if (shown.some((number) => number > 0)) continue
      unseen.push(id)
      expect([id, long.length]).toEqual([id, 0])
    }
    expect(unseen.length).toBeGreaterThan(5)
  })

  it('offers to hide small numbers only where the report is published so', async () => {
    const anna = await world.signIn('R-STAT', 'statistics')
    const offered = async (place: string) => (await anna.get(place)).html.includes('publish=true"')
    expect(await offered(`/console/reports/ecpat?period=${QUARTER}`)).toBe(true)
    expect(await offered('/console/reports/ecpat?period=2025')).toBe(false)
    expect(await offered('/console/reports/dsa?period=2025')).toBe(true)
    expect(await offered(`/console/reports/dsa?period=${QUARTER}`)).toBe(false)
    const now = new Date().getUTCFullYear()
    expect(await offered(`/console/reports/dsa?period=${String(now)}`)).toBe(false)
    const refused = await anna.get('/console/reports/ecpat?period=2025&publish=true')
    expect([refused.status, refused.html.includes('published by the quarter')]).toEqual([400, true])
    expect((await anna.get('/console/reports/other')).status).toBe(404)
  })

  it('is taken along as the files that the command writes, by who may and by nobody else', async () => {
    const anna = await world.signIn('F-STAT', 'statistics')
    for (const [ending, format, type] of [
      ['csv', 'csv', 'text/csv; charset=utf-8'],
      ['txt', 'text', 'text/plain; charset=utf-8'],
      ['html', 'html', 'text/html; charset=utf-8'],
    ] as const) {
      const { html, headers } = await anna.get(`/console/reports/dsa/2025.${ending}`)
      expect(headers.get('content-type')).toBe(type)
      expect(headers.get('content-disposition')).toBe(
        `attachment; filename="dsa-2025-internal.${ending}"`,
      )
      expect(headers.get('cache-control')).toBe('no-store')
      const args = ['report', 'dsa', '--period', '2025', '--format', format]
      const wanted = await printed(world.api, ['statistics'], ...args)
      expect(timeless(html).trim()).toBe(timeless(wanted).trim())
    }
    const published = await anna.get(`/console/reports/ecpat/${QUARTER}.json?publish=true`)
    expect(published.headers.get('content-disposition')).toContain(`ecpat-${QUARTER}.json`)
    expect(JSON.parse(published.html)).toMatchObject({ forPublication: true, closed: null })
    for (const file of ['2025.exe', '2025', '../2025.csv', '2025-Q9.csv', '%0d%0aX.csv']) {
      expect([file, (await anna.get(`/console/reports/dsa/${file}`)).status]).toEqual([file, 404])
    }
    const verifier = await world.signIn('F-VER', 'verifier')
    expect((await verifier.get('/console/reports/dsa/2025.csv')).status).toBe(403)
    const stranger = await fetch(`${world.api.url}/console/reports/dsa/2025.csv`, {
      redirect: 'manual',
    })
    expect(stranger.status).toBe(303)
  })

  it('shows the rows that make a number, fifty a page, to who may see them, and says so in the audit', async () => {
    const analyst = await world.signIn('W-ANA', 'analyst')
    const { html } = await analyst.get(`/console/figures/tips?period=${QUARTER}`)
    expect(html).toContain('9 rows')
    expect(html.match(/hxxps:\/\/alpha\[\.\]example\/secret-path-\d\.jpg/g)?.length).toBe(7)
    expect(html).not.toContain('https://alpha')
    const read = await world.api.engine
      .as({ id: 'a', pseudonym: 'A', kind: 'person', roles: ['auditor'] })
      .audit.list({ limit: 1_000 })
    expect(
      read.find(({ by, action }) => by === analyst.id && action === 'report.explain')?.subject,
    ).toBe('tips')
    const second = await analyst.get(`/console/figures/tips?period=${QUARTER}&from=8`)
    expect(second.html.match(/secret-path/g)?.length).toBe(1)
    expect((await analyst.get(`/console/figures/nothing?period=${QUARTER}`)).status).toBe(404)
  })

  it('is closed by an officer there, and says afterwards what has changed', async () => {
    const officer = await world.signIn('C-OFF', 'officer')
    const at = `/console/reports/ecpat?period=${QUARTER}`
    const before = await officer.get(at)
    expect(before.html).toContain('Nobody has closed this period')
    const closed = await officer.submit('reports.close', {})
    expect(closed.html).toContain('The figures are those that were counted when it was closed.')
    expect((await officer.get('/console/reports')).html).toContain('C-OFF')
    await told(1, 'gamma')
    const { html } = await officer.get(at)
    expect(html).toContain('Figures have changed since it was closed.')
    const [, table = ''] =
      /<caption class="hidden">Whether it still stands<\/caption>(.*?)<\/table>/s.exec(html) ?? []
    const row = table.split('<tr').find((one) => one.includes('>Tips')) ?? ''
    expect(row).toMatch(/data-head="New rows">1<.*data-head="Count no more">0</s)
    const published = await officer.get(`${at}&publish=true`)
    expect(published.html).toContain('By how much is not said in what is published')
    expect(published.html).not.toContain('data-head="New rows"')
    const analyst = await world.signIn('C-ANA', 'analyst')
    const other = await analyst.get('/console/reports/ecpat?period=2025-Q2')
    expect(other.html).not.toContain('/console/do/reports.close')
  })
})

/** Without the moment at which it was made. */
function timeless(report: string): string {
  return report.replaceAll(/(Made|Gjord): [^\n<]*/g, '')
}
