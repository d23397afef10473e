import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asCsv, asPage, asPlainText, type HouseReport } from '../../src/reports/terms.ts'
import { readCsv } from '../../src/csv/index.ts'
import { ANNA, openHouse, type ReportingHouse } from './house.ts'

const TEXT = { sv: 'Vi får inga pengar av plattformar.', en: 'No platform <pays> us & ours.' }

let house: ReportingHouse
beforeEach(async () => {
  house = await openHouse(TEXT)
})
afterEach(() => house.dispose())

const written = (report: HouseReport) =>
  (['sv', 'en'] as const).flatMap((language) => [
    asPlainText(report, language),
    asCsv(report, language),
    asPage(report, language),
  ])

async function tell(count: number, host: string): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const url = `https://${host}.example/secret-path-${number}.jpg`
    await house.transact(async (tx) => {
      house.stats.count(tx, 'tip.public', 1)
      const tip = await house.tips.submit(tx, ANNA, {
        url,
        source: 'public',
        priority: 3,
        reference: 'REF-77',
        note: 'Maria Exempel, maria@private.example',
      })
      const { id } = await house.cases.openFromAssessment(tx, 'anna', {
        url,
        classification: 'Baseline',
        reason: 'words of Anna Analyst',
        tipId: tip.id,
        circumstances: { profileName: 'profile-of-somebody', childMunicipality: '0180' },
      })
      await house.tips.markAssessed(tx, ANNA, tip.id, [id])
    })
  }
  await house.run()
}

describe('a report that is published', () => {
  it('tells no person, address, URL, reference or id: whoever looks for one finds none', async () => {
    await tell(6, 'alpha')
    await tell(2, 'beta')
    house.pass(24 * 90)
    const ids = (await house.cases.list({})).map(({ id }) => id)
    for (const [name, period] of [
      ['dsa', '2026'],
      ['inhope', '2026'],
      ['ecpat', '2026-Q4'],
    ] as const) {
      const report = await house.reports.make(name, period, true)
      const all = [JSON.stringify(report), ...written(report)].join('\n')
      for (const secret of [
        'secret-path',
        'Maria',
        '@private',
        '@alpha',
        '@beta',
        'REF-77',
        'Anna',
        'profile',
        '0180',
        '://',
        'example/',
        ...ids,
      ]) {
        expect([name, secret, all.includes(secret)]).toEqual([name, secret, false])
      }
    }
  })

  it('names providers, and hides that one of them had two', async () => {
    await tell(6, 'alpha')
    await tell(2, 'beta')
    house.pass(24 * 90)
    const inside = await house.reports.make('dsa', '2026', false)
    const lines = (report: HouseReport) =>
      report.figures
        .find(({ id }) => id === 'hostingNoticesByProvider')
        ?.lines.map(({ name, cells }) => [name.en, cells[0]])
    expect(lines(inside)).toEqual([
      ['Alpha Hosting', 6],
      ['Beta Cloud', 2],
      ['all', 8],
    ])
    const outside = await house.reports.make('dsa', '2026', true)
    expect(lines(outside)).toEqual([
      ['Alpha Hosting', 'hidden'],
      ['Beta Cloud', 'hidden'],
      ['all', 8],
    ])
    expect(asPlainText(inside, 'en')).toContain('not for publication')
    expect(asPlainText(outside, 'en')).toContain('Numbers from 1 to 4')
  })

  it('is refused while its period lasts, and by a period beside the one that it is published by', async () => {
    await expect(house.reports.make('ecpat', '2026-Q4', true)).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    house.pass(24 * 90)
    await house.reports.make('ecpat', '2026-Q4', true)
    for (const [name, period] of [
      ['ecpat', '2026-11'],
      ['ecpat', '2026'],
      ['dsa', '2026-Q4'],
    ] as const) {
      await expect(house.reports.make(name, period, true)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        field: 'period',
      })
    }
  })

  it('says what the house says of its independence, and that it says nothing', async () => {
    const report = await house.reports.make('dsa', '2026', false)
    expect(asPage(report, 'sv')).toContain('Vi får inga pengar av plattformar.')
    expect(asPage(report, 'en')).toContain('No platform &lt;pays&gt; us &amp; ours.')
    const silent = { ...report, texts: [{ ...report.texts[0], body: { sv: null, en: null } }] }
    expect(asPage(silent as HouseReport, 'en')).toContain('the house has written none')
  })
})

describe('the page that prints', () => {
  it('is one file that loads nothing: captions, units and headings of columns and rows', async () => {
    await tell(6, 'alpha')
    const report = await house.reports.make('ecpat', '2026-Q4', false)
    for (const language of ['sv', 'en'] as const) {
      const page = asPage(report, language)
      expect(page).toMatch(new RegExp(`^<!doctype html>\n<html lang="${language}">`))
      expect(page).not.toMatch(/<script|<link|<img|\bsrc=|\bhref=|url\(|@import|\bon\w+=/)
      const count = (part: RegExp) => page.match(part)?.length ?? 0
      expect(count(/<table>/g)).toBe(report.figures.length)
      expect(count(/<caption>[^<]+ \([^<]+\)<\/caption>/g)).toBe(report.figures.length)
      const rows = report.figures.flatMap(({ lines, beside }) => [...lines, ...beside]).length
      expect(count(/<th scope="row">/g)).toBe(rows)
      expect(count(/<th scope="col">/g)).toBe(report.figures.length * (report.columns.length + 1))
      for (const tag of ['section', 'table', 'tr', 'th', 'td', 'p', 'main', 'header', 'body']) {
        const opened = count(new RegExp(`<${tag}[ >]`, 'g'))
        expect([tag, opened]).toEqual([tag, count(new RegExp(`</${tag}>`, 'g'))])
      }
    }
  })

  it('has the same numbers as the CSV, a row a cell', async () => {
    await tell(6, 'alpha')
    const report = await house.reports.make('ecpat', '2026-Q4', false)
    const rows: string[][] = []
    for (const record of readCsv(asCsv(report, 'en'), { delimiter: ',', newline: '\n' })) {
      rows.push([...(record.cells ?? [])])
    }
    const cells = report.figures.flatMap(({ lines }) => lines.flatMap((line) => line.cells))
    expect(rows.length).toBe(cells.length + 1)
    expect(rows).toContainEqual(['tips', 'tip', 'public', 'the public', '2026-11', '6', '', ''])
  })
})
