import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OPERATOR, type Principal } from '../../src/access/index.ts'
import { type Audit, createAudit } from '../../src/audit/index.ts'
import { createTips, parseTip, parseTipCsv, type Tips } from '../../src/intake/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { storedText } from '../stored-text.ts'

const BY: Principal = { ...OPERATOR, id: 'person-1', kind: 'person', roles: ['intake'] }
const HEADER = 'URL;REFERER;WORKUSER-EMAIL;REFERENCE;SOURCE;TYPE'

describe('a tip', () => {
  it('needs its URL; it is from the public and of normal priority unless it says otherwise', () => {
    const url = 'https://images.example/a.jpg'
    expect(parseTip({ url })).toEqual({ url, source: 'public', priority: 3 })
  })

  it.each([
    ['URL_INVALID', 'url', { url: 'nothing' }],
    ['INVALID_INPUT', 'priority', { url: 'http://a.example/', priority: 0 }],
    ['INVALID_INPUT', 'source', { url: 'http://a.example/', source: 'rumour' }],
    ['INVALID_INPUT', 'note', { url: 'http://a.example/', note: 'x'.repeat(4001) }],
    ['INVALID_INPUT', 'status', { url: 'http://a.example/', status: 'known' }],
    ['INVALID_INPUT', undefined, 'http://a.example/'],
  ])('is refused: %s at %s', (code, field, value) => {
    expect(() => parseTip(value)).toThrow(expect.objectContaining({ code, field }))
  })
})

describe("a sister hotline's CSV", () => {
  it('is read with BOM, CRLF, quotes, and without its empty lines', () => {
    const csv = [
      `\uFEFF${HEADER}`,
      'https://a.example/1.jpg;https://a.example/;jo@sister.example;"R;1 ""x""";police;image',
      '',
      ' http://b.example/2.jpg ;;;;;',
      'http://c.example/3.jpg;;;;ICCAM;website',
      'http://d.example/4.jpg',
    ].join('\r\n')
    const { tips, refused } = parseTipCsv(csv)
    expect(refused).toEqual([])
    expect(tips).toEqual([
      {
        line: 2,
        tip: {
          url: 'https://a.example/1.jpg',
          pageUrl: 'https://a.example/',
          reference: 'R;1 "x"',
          source: 'police',
          priority: 3,
          note: 'type: image',
        },
      },
      { line: 4, tip: { url: 'http://b.example/2.jpg', source: 'hotline', priority: 3 } },
      {
        line: 5,
        tip: {
          url: 'http://c.example/3.jpg',
          source: 'hotline',
          priority: 3,
          note: 'source: ICCAM; type: website',
        },
      },
      { line: 6, tip: { url: 'http://d.example/4.jpg', source: 'hotline', priority: 3 } },
    ])
    expect(JSON.stringify(tips)).not.toContain('sister.example')
  })

  it('loses bad rows alone, and says which field of which line', () => {
    const csv = [
      HEADER.toLowerCase(),
      'nothing;;;;;',
      'http://a.example/1.jpg;"stray;;;;',
      'http://a.example/2.jpg;;;;;',
      'http://a.example/3.jpg;javascript:0;;;;',
      'http://a.example/4.jpg;;;;;;more',
      `http://a.example/5.jpg;;;${'r'.repeat(257)};;`,
      ';;;;;',
      'http://a.example/6.jpg;;;;;',
    ].join('\n')
    const { tips, refused } = parseTipCsv(csv)
    expect(tips.map(({ line }) => line)).toEqual([4, 9])
    expect(refused.map(({ line, field }) => [line, field])).toEqual([
      [2, 'URL'],
      [3, 'row'],
      [5, 'REFERER'],
      [6, 'row'],
      [7, 'REFERENCE'],
      [8, 'URL'],
    ])
  })

  it.each(['', 'http://a.example/1.jpg;;;;;', HEADER.replaceAll(';', ','), 'URL;REFERER'])(
    'is refused without its header: %j',
    (csv) => {
      expect(() => parseTipCsv(csv)).toThrow(
        expect.objectContaining({ code: 'INVALID_INPUT', line: 1 }),
      )
    },
  )
})

describe('tips', () => {
  let context: TestContext
  let audit: Audit
  let tips: Tips

  beforeEach(async () => {
    context = await openTestContext()
    audit = createAudit(context)
    tips = createTips(context, audit)
  })

  afterEach(() => context.dispose())

  it('are kept, listed by status and page, and got', async () => {
    const input = parseTip({ url: 'http://a.example/1.jpg', priority: 1, note: 'seen twice' })
    const first = await tips.submit(BY, input)
    expect(first).toEqual({
      ...input,
      id: first.id,
      status: 'new',
      receivedAt: '2026-11-02T08:00:00.000Z',
      submittedBy: 'person-1',
    })
    const second = await tips.submit(BY, input, { caseId: 'case-1' })
    expect(second).toMatchObject({ status: 'known', caseId: 'case-1' })
    const third = await tips.submit(BY, parseTip({ url: 'http://a.example/3.jpg' }))
    expect(await tips.list({})).toEqual([first, second, third])
    expect(await tips.list({ status: 'new', limit: 1 })).toEqual([first])
    expect(await tips.list({ status: 'new', after: first.id })).toEqual([third])
    expect(await tips.get(second.id)).toEqual(second)
    await expect(tips.get('none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('are answered together where they tell of one URL', async () => {
    const submit = (url: string) => tips.submit(BY, parseTip({ url }))
    const first = await submit('http://a.example/1.jpg')
    const again = await submit('http://A.example:80/x/../1.jpg#top')
    const other = await submit('http://a.example/2.jpg')
    const known = await tips.submit(BY, parseTip({ url: first.url }), { caseId: 'case-0' })
    await context.store.transact((tx) => tips.markAssessed(tx, BY, again.id, 'case-1'))
    expect(await tips.list({})).toMatchObject([
      { id: first.id, status: 'assessed', caseId: 'case-1' },
      { id: again.id, status: 'assessed', caseId: 'case-1' },
      { id: other.id, status: 'new' },
      { id: known.id, status: 'known', caseId: 'case-0' },
    ])
    const actions = (await audit.entries({})).map(({ action }) => action)
    expect(actions.filter((action) => action === 'tip.assessed')).toHaveLength(2)
  })

  it('leave neither URL nor note in the files', async () => {
    const input = { url: 'http://hidden.example/1.jpg', note: 'between us', reference: 'ref-77' }
    const { id } = await tips.submit(BY, parseTip(input))
    const files = storedText(context.directory)
    expect(files).toContain(id.slice(0, 8))
    for (const text of ['hidden.example', 'between us', 'ref-77']) {
      expect(files).not.toContain(text)
    }
  })
})
