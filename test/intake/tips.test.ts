import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defined } from '../../src/core/index.ts'
import { createAccess, OPERATOR, type Principal } from '../../src/access/index.ts'
import { createAssignments } from '../../src/assignments/index.ts'
import { configWith } from '../../src/config.ts'
import { type Audit, createAudit } from '../../src/audit/index.ts'
import {
  createTips,
  parseIccamReports,
  parseTip,
  parseTipCsv,
  type TipInput,
  type Tips,
} from '../../src/intake/index.ts'
import { Collection, keySpace } from '../../src/store/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { QUEUE_HOURS } from './queue-hours.ts'
import { storedText } from '../stored-text.ts'

const BY: Principal = { ...OPERATOR, id: 'person-1', kind: 'person', roles: ['intake'] }
const HEADER = 'URL;REFERER;WORKUSER-EMAIL;REFERENCE;SOURCE;TYPE'

describe('a tip', () => {
  it('needs its URL; it is from the public unless it says otherwise', () => {
    const url = 'https://images.example/a.jpg'
    expect(parseTip({ url })).toEqual({ url, source: 'public', priority: 3 })
  })

  it('is as urgent as its source, unless it says otherwise', () => {
    const url = 'https://images.example/a.jpg'
    const sources = ['child-support-line', 'police', 'hotline', 'public', 'own-work']
    const given = sources.map((source) => parseTip({ url, source }).priority)
    expect(given).toEqual([1, 1, 2, 3, 3])
    expect(parseTip({ url, source: 'police', priority: 3 }).priority).toBe(3)
  })

  it.each([
    ['URL_INVALID', 'url', { url: 'nothing' }],
    ['INVALID_INPUT', 'priority', { url: 'http://a.example/', priority: 0 }],
    ['INVALID_INPUT', 'source', { url: 'http://a.example/', source: 'rumour' }],
    ['INVALID_INPUT', 'note', { url: 'http://a.example/', note: 'x'.repeat(4001) }],
    ['INVALID_INPUT', 'status', { url: 'http://a.example/', status: 'known' }],
    ['INVALID_INPUT', undefined, 'http://a.example/'],
    ['INVALID_INPUT', 'hashes', { url: 'http://a.example/', hashes: [] }],
    [
      'HASH_INVALID',
      'hashes.0.value',
      { url: 'http://a.example/', hashes: [{ type: 'md5', value: '0' }] },
    ],
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
          priority: 1,
          note: 'type: image',
        },
      },
      { line: 4, tip: { url: 'http://b.example/2.jpg', source: 'hotline', priority: 2 } },
      {
        line: 5,
        tip: {
          url: 'http://c.example/3.jpg',
          source: 'hotline',
          priority: 2,
          note: 'source: ICCAM; type: website',
        },
      },
      { line: 6, tip: { url: 'http://d.example/4.jpg', source: 'hotline', priority: 2 } },
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

describe("a sister hotline's reports in the shape of ICCAM", () => {
  const report = {
    ReportID: 4711,
    ReportingHotlineReference: 'NL-17',
    Url: 'https://page.example/',
    Memo: 'as seen',
    Analyst: 'jo@sister.example',
    Username: 'guest',
    Password: 'open sesame',
    Items: [
      { Url: 'https://media.example/1.jpg', Classification: 'Baseline', SiteType: 20 },
      { Url: 'nothing' },
      { Memo: 'no URL' },
    ],
  }

  it('are tips, one an item, without who wrote them and how they got in', () => {
    const { tips, refused } = parseIccamReports([report, { url: 'http://b.example/', reportID: 9 }])
    expect(tips).toEqual([
      {
        line: 1,
        tip: {
          url: 'https://media.example/1.jpg',
          pageUrl: 'https://page.example/',
          source: 'hotline',
          priority: 2,
          reference: 'NL-17',
          note: 'memo: as seen; classification: Baseline; site type: 20',
        },
      },
      {
        line: 2,
        tip: { url: 'http://b.example/', source: 'hotline', priority: 2, reference: '9' },
      },
    ])
    expect(refused.map(({ line, field }) => [line, field])).toEqual([
      [1, 'items.2.url'],
      [1, 'items.3.url'],
    ])
    expect(JSON.stringify(tips)).not.toMatch(/sister|guest|sesame/)
  })

  it('may be one alone; what is none is refused by its number', () => {
    expect(parseIccamReports({ Url: 'http://a.example/', Items: [] }).tips).toHaveLength(1)
    const { tips, refused } = parseIccamReports([null, 7, 'x', {}, { Url: 7 }, { Items: [{}] }])
    expect(tips).toEqual([])
    expect(refused.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6])
    expect(() => parseIccamReports([])).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })
})

describe('tips', () => {
  let context: TestContext
  let audit: Audit
  let tips: Tips

  beforeEach(async () => {
    context = await openTestContext()
    audit = createAudit(context)
    tips = createTips(
      context,
      audit,
      createAssignments(
        context,
        audit,
        createAccess(context, audit, context.clock),
        configWith({}).assignments,
      ),
      QUEUE_HOURS,
    )
  })

  afterEach(() => context.dispose())

  const dismiss = (tipId: string, reason: string) =>
    context.store.transact((tx) => tips.dismiss(tx, BY, tipId, reason))

  const submit = (input: TipInput, caseId?: string) =>
    context.store.transact((tx) => Promise.resolve(tips.submit(tx, BY, input, caseId)))

  it('are kept, listed by status and page, and got', async () => {
    const input = parseTip({ url: 'http://a.example/1.jpg', priority: 1, note: 'seen twice' })
    const first = await submit(input)
    expect(first).toEqual({
      ...input,
      id: first.id,
      status: 'new',
      receivedAt: '2026-11-02T08:00:00.000Z',
      submittedBy: 'person-1',
      inDangerNow: false,
    })
    const second = await submit(input, 'case-1')
    expect(second).toMatchObject({ status: 'known', caseId: 'case-1' })
    const third = await submit(parseTip({ url: 'http://a.example/3.jpg' }))
    expect(await tips.list({})).toEqual([first, second, third])
    expect(await tips.list({ status: 'new', limit: 1 })).toEqual([first])
    expect(await tips.list({ status: 'new', after: first.id })).toEqual([third])
    expect(await tips.get(second.id)).toEqual(second)
    await expect(tips.get('none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('are answered together where they tell of one URL', async () => {
    const at = (url: string, caseId?: string) => submit(parseTip({ url }), caseId)
    const first = await at('http://a.example/1.jpg')
    const again = await at('http://A.example:80/x/../1.jpg#top')
    const other = await at('http://a.example/2.jpg')
    const known = await at('http://a.example/1.jpg', 'case-0')
    await context.store.transact((tx) => tips.markAssessed(tx, BY, again.id, ['case-1']))
    expect(await tips.list({})).toMatchObject([
      { id: first.id, status: 'assessed', caseId: 'case-1' },
      { id: again.id, status: 'assessed', caseId: 'case-1' },
      { id: other.id, status: 'new' },
      { id: known.id, status: 'known', caseId: 'case-0' },
    ])
    const actions = (await audit.entries({})).map(({ action }) => action)
    expect(actions.filter((action) => action === 'tip.assessed')).toHaveLength(2)
  })

  it('wait in a queue, the most urgent first, until they are answered', async () => {
    const at = (name: string, priority: number) =>
      submit(parseTip({ url: `http://a.example/${name}`, priority }))
    const made = [await at('a', 3), await at('b', 1), await at('c', 2), await at('d', 1)]
    await submit(parseTip({ url: 'http://a.example/e', priority: 1 }), 'case-0')
    const queue = async (after?: string) => {
      const filter = defined({ after })
      const waiting = await tips.list({ queue: true, ...filter })
      return waiting.map(({ url = '' }) => url.at(-1)).join('')
    }
    expect(await queue()).toBe('bdca')
    expect((await tips.list({ queue: true, limit: 1 })).map(({ id }) => id)).toEqual([made[1]?.id])
    const [a, b, c] = made.map(({ id }) => id)
    expect([await queue(b), await queue(c), await queue(a)]).toEqual(['dca', 'a', ''])
    await context.store.transact((tx) => tips.markAssessed(tx, BY, b ?? '', ['case-1']))
    expect(await dismiss(c ?? '', 'nothing there')).toMatchObject({ status: 'dismissed' })
    expect([await queue(), await queue(b)]).toEqual(['da', 'da'])
    const counted = (filter: object) => tips.count({ queue: true, ...filter }, 10)
    expect([await counted({}), await counted({ source: 'police' })]).toEqual([2, 0])
    await expect(dismiss(c ?? '', 'again')).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(tips.list({ queue: true, after: 'none' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('are the same where source, reference and URL are, and what is new goes into them', async () => {
    const told = { url: 'http://a.example/1.jpg', reference: 'R-1', source: 'hotline' as const }
    const first = await submit(parseTip({ ...told, note: 'seen' }))
    const again = (more: object) => parseTip({ ...told, url: 'http://A.example:80/1.jpg', ...more })
    const earlier = (input: TipInput) => context.store.transact((tx) => tips.earlier(tx, input))
    expect(await earlier(again({}))).toEqual(first)
    for (const other of [{ reference: 'R-2' }, { source: 'police' }, { url: `${told.url}?2` }]) {
      expect(await earlier(again(other))).toBeUndefined()
    }
    const unreferenced = parseTip({ url: told.url })
    await submit(unreferenced)
    expect(await earlier(unreferenced)).toBeUndefined()

    const tell = (more: object, caseId?: string) =>
      context.store.transact((tx) => tips.tellAgain(tx, BY, first.id, again(more), caseId))
    expect(await tell({})).toEqual({ outcome: 'unchanged', tip: first, changed: [] })
    expect(await tell({ priority: 3, note: 'seen' })).toMatchObject({ outcome: 'unchanged' })
    const news = await tell({ note: 'seen twice', priority: 1 })
    expect(news).toMatchObject({
      outcome: 'updated',
      changed: ['note', 'priority'],
      tip: { note: 'seen twice', priority: 1, receivedAt: first.receivedAt },
    })
    expect((await tips.get(first.id)).changes).toEqual([
      { at: first.receivedAt, by: 'person-1', before: { note: 'seen', priority: 2 } },
    ])
    const updates = (await audit.entries({})).filter(({ action }) => action === 'tip.update')
    expect(updates).toMatchObject([{ subject: first.id, detail: { changed: 'note, priority' } }])
    expect(await tips.list({ queue: true })).toHaveLength(2)
  })

  it('that were answered come back to the queue with news alone, and not where a case covers them', async () => {
    const input = (note: string) =>
      parseTip({ url: 'http://a.example/1.jpg', reference: 'R-1', note })
    const { id } = await submit(input('first'))
    const tell = (note: string, caseId?: string) =>
      context.store.transact((tx) => tips.tellAgain(tx, BY, id, input(note), caseId))
    await dismiss(id, 'nothing there')
    expect((await tell('first')).tip.status).toBe('dismissed')
    expect((await tell('a child is named')).tip.status).toBe('new')
    expect((await tips.list({ queue: true })).map((tip) => tip.id)).toEqual([id])
    expect((await tell('a child is named', 'case-1')).tip).toMatchObject({
      status: 'known',
      caseId: 'case-1',
    })
    expect(await tips.list({ queue: true })).toEqual([])
  })

  it('of an older version, which have no place by their sender, are recognised and come in turn', async () => {
    const sealed = { url: 'http://a.example/1.jpg', reference: 'R-1' }
    const clear = {
      status: 'new',
      source: 'hotline',
      priority: 2,
      caseId: null,
      receivedAt: '2026-11-01T08:00:00.000Z',
      submittedBy: 'person-1',
    }
    const { sealer, store } = context
    const old = new Collection<unknown, unknown>(keySpace('tip'), sealer)
    const ids = [context.newId(), context.newId()]
    await store.transact((tx) => {
      for (const [at, id] of ids.entries()) {
        const url = `${sealed.url}?${at}`
        old.put(tx, id, clear, { ...sealed, url })
        tx.put(['tip-queue', 2, id], new Uint8Array())
        tx.put(['tip-url', sealer.digest('tip-url', url), id], new Uint8Array())
      }
      return Promise.resolve()
    })
    await submit(parseTip({ url: 'http://b.example/', reference: 'R-9', source: 'hotline' }))
    for (const [at, id] of ids.entries()) {
      const input = parseTip({ ...sealed, url: `${sealed.url}?${at}`, source: 'hotline' })
      const taken = await store.transact(async (tx) => {
        const earlier = await tips.earlier(tx, input)
        return tips.tellAgain(tx, BY, earlier?.id ?? '', input)
      })
      expect(taken).toMatchObject({ outcome: 'unchanged', tip: { id } })
    }
    const queue = await tips.list({ queue: true })
    expect(queue.map(({ id }) => id).slice(0, 2)).toEqual(ids)
    expect(queue[0]?.place).toMatchObject({ lane: 'hotline', dueAt: '2026-11-02T08:00:00.000Z' })
  })

  it('are found by their sender no more once they are erased', async () => {
    const input = parseTip({ url: 'http://a.example/1.jpg', reference: 'R-1' })
    const { id } = await submit(input)
    await context.store.transact((tx) => tips.erase(tx, [id]))
    expect(await context.store.transact((tx) => tips.earlier(tx, input))).toBeUndefined()
    expect((await submit(input)).status).toBe('new')
  })

  it('leave neither URL nor note in the files', async () => {
    const hash = '0123456789abcdef'.repeat(2)
    const input = {
      url: 'http://hidden.example/1.jpg',
      note: 'between us',
      reference: 'ref-77',
      hashes: [{ type: 'md5', value: hash }],
    }
    const { id } = await submit(parseTip(input))
    const files = storedText(context.directory)
    expect(files).toContain(id.slice(0, 8))
    for (const text of ['hidden.example', 'between us', 'ref-77', hash]) {
      expect(files).not.toContain(text)
    }
  })
})
