import { simpleParser } from 'mailparser'
import { describe, expect, it } from 'vitest'
import { type Case, NO_CIRCUMSTANCES } from '../../src/cases/index.ts'
// The parts of one folder that no other folder may enter are tested where they are.
import { composeMail, type ComposeOptions } from '../../src/takedown/mail/compose.ts'
import { XARF_CSAM } from '../../src/takedown/mail/xarf.ts'
import { noticeLine, type NoticePart } from '../../src/takedown/notice-part.ts'
import { wordsOf } from './letters-of.ts'
import { reportPart, xarfOf } from './received.ts'

const ID_OF_CASE = '0193c0de-0000-7000-8000-0000000000ca'
const CASE: Case = {
  id: ID_OF_CASE,
  status: 'open',
  subject: { kind: 'item', id: 'item-1' },
  verdict: 'confirmed',
  decision: 'not-needed',
  classification: 'Baseline',
  itemVerified: true,
  openedAt: '2026-11-02T08:00:00.000Z',
  lastSeenAt: '2026-11-02T09:00:00.000Z',
  sightings: 2,
  firstNoticeAt: null,
  removedAt: null,
  reopened: 0,
  nextRecheckAt: null,
  nextRecheckWhy: null,
  lastLook: null,
  unverified: null,
  observations: [],
  missesInRow: 0,
  hostName: null,
  country: null,
  closedReason: null,
  takenBack: null,
  goneBefore: null,
  returned: false,
  url: 'http://alpha.example/a.jpg',
  rawUrl: 'http://alpha.example/a.jpg?token=1',
  pageUrl: 'http://alpha.example/page',
  circumstances: NO_CIRCUMSTANCES,
  matches: [
    {
      itemId: 'item-1',
      verdict: 'confirmed',
      method: 'pdq',
      distance: 4,
      clientSupplied: false,
      reason: 'near',
    },
  ],
  history: [],
}

const HOST = { name: 'Alpha Hosting', country: 'SE', addresses: ['192.0.2.7'] }
const ID = '0193c0de-0000-7000-8000-00000000000'

function partOf(change: Partial<Case>[] = [{}], rest: Partial<NoticePart> = {}): NoticePart {
  return {
    schema: 'hindra-notice/1',
    envelopeId: `${ID}e`,
    step: 'notice',
    role: 'host',
    nature: 'illegal',
    composedAt: '2026-11-02T10:00:00.000Z',
    legalBasis: 'Regulation (EU) 2022/2065, Article 16',
    language: 'en',
    laws: ['the law of Testland'],
    attached: ['ARF', 'XARF'],
    notifier: { organisation: 'Hotline Testland', contact: 'notices@hotline.example' },
    provider: 'Alpha Hosting',
    hold: null,
    notices: change.map((one, n) =>
      noticeLine({ ...CASE, ...one }, HOST, { id: `${ID}${n}`, step: 'notice' }, null),
    ),
    ...rest,
  }
}

const FORM: ComposeOptions = {
  organisation: 'Hotline Testland',
  from: 'notices@hotline.example',
  returnPath: 'bounces@hotline.example',
  userAgent: 'Hindra/test',
  sign: (message) => Promise.resolve(message),
}

async function sent(part: NoticePart, change: Partial<ComposeOptions> = {}) {
  const mail = await composeMail(part, wordsOf(part), 'abuse@alpha.example', { ...FORM, ...change })
  return {
    mail,
    raw: Buffer.from(mail.raw).toString(),
    parsed: await simpleParser(Buffer.from(mail.raw)),
  }
}

describe('composeMail', () => {
  it('says the same in a text, in ARF and in XARF, under a Message-ID of the envelope', async () => {
    const part = partOf([{}, { rawUrl: 'http://alpha.example/b.jpg' }])
    const { mail, raw, parsed } = await sent(part)
    expect(mail).toMatchObject({
      envelopeId: `${ID}e`,
      messageId: `<${ID}e@hotline.example>`,
      from: `bounces+${ID}e@hotline.example`,
      to: 'abuse@alpha.example',
    })
    expect(parsed.messageId).toBe(mail.messageId)
    expect(parsed.from?.value).toEqual([
      { name: 'Hotline Testland', address: 'notices@hotline.example' },
    ])
    expect(parsed.to).toMatchObject({ value: [{ address: 'abuse@alpha.example' }] })
    expect(parsed.replyTo?.value).toMatchObject([{ address: mail.from }])
    expect(parsed.date?.toISOString()).toBe(part.composedAt)
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated')
    expect(parsed.headers.get('x-hindra-step')).toBe('notice')
    expect(parsed.headers.get('content-type')).toMatchObject({
      value: 'multipart/report',
      params: { 'report-type': 'feedback-report' },
    })
    expect(parsed.html).toBe(false)
    const { subject, body } = wordsOf(part)
    expect(parsed.subject).toBe(subject)
    expect(parsed.text).toBe(body)
    expect(reportPart(raw)).toEqual([
      ['Feedback-Type', 'xarf'],
      ['User-Agent', 'Hindra/test'],
      ['Version', '1'],
      ['Incidents', '2'],
      ['Source-IP', '192.0.2.7'],
      ['Reported-Domain', 'alpha.example'],
      ['Reported-URI', 'http://alpha.example/a.jpg?token=1'],
      ['Reported-URI', 'http://alpha.example/b.jpg'],
    ])
    const reports = xarfOf(parsed)
    expect(reports.map((report) => XARF_CSAM.parse(report))).toEqual(reports)
    expect(reports).toMatchObject([
      {
        report_id: `${ID}0`,
        source_identifier: '192.0.2.7',
        domain: 'alpha.example',
        url: 'http://alpha.example/a.jpg?token=1',
        classification: 'baseline',
        detection_method: 'hash_match',
        country_code: 'SE',
        hosting_provider: 'Alpha Hosting',
        description:
          'A copy of material that was assessed before as child sexual abuse material. Contrary to the law of Testland.',
        hindra: { case_id: ID_OF_CASE, page_url: 'http://alpha.example/page', reminds: null },
      },
      { report_id: `${ID}1`, url: 'http://alpha.example/b.jpg' },
    ])
  })

  it('has three parts as RFC 6522 has room for, one report or many', async () => {
    const one = await sent(partOf())
    const many = await sent(partOf([{}, {}, {}]))
    expect(childTypes(one.raw)).toEqual([
      'text/plain',
      'message/feedback-report',
      'application/json',
    ])
    expect(childTypes(many.raw)).toEqual([
      'text/plain',
      'message/feedback-report',
      'multipart/mixed',
    ])
    expect(xarfOf(many.parsed)).toHaveLength(3)
  })

  it('makes no XARF of what XARF has no class for, and says so in ARF', async () => {
    const national = await sent(partOf([{ classification: 'National' }]))
    const harmful = await sent(partOf([{}], { nature: 'harmful' }))
    const taken = await sent(partOf([{}], { step: 'correction' }))
    for (const { raw, parsed } of [national, harmful]) {
      expect(xarfOf(parsed)).toEqual([])
      expect(reportPart(raw)[0]).toEqual(['Feedback-Type', 'other'])
      // RFC 5965, 2 c: the third part is there, and names no sender whom a desk could take for the one complained of.
      expect(childTypes(raw)).toEqual([
        'text/plain',
        'message/feedback-report',
        'text/rfc822-headers',
      ])
      const [headers] = raw.split('text/rfc822-headers').slice(-1)
      expect(headers).toContain('Comments: No mail is complained of')
      expect(headers).not.toMatch(/^(?:From|Received|Message-ID):/im)
    }
    // A report of a correction would be filed as one more complaint.
    expect(childTypes(taken.raw)).toEqual([])
    expect(taken.raw).toMatch(/^Content-Type: text\/plain; charset=utf-8/m)
    expect(harmful.parsed.text).not.toMatch(/illegal content|contrary to/)
  })

  it('makes no XARF of an account that threatens, unless known media was found at it', async () => {
    const circumstances = { ...NO_CIRCUMSTANCES, account: true }
    const assessed = { kind: 'assessment', id: 'assessment-1' } as const
    const none = await sent(partOf([{ circumstances, subject: assessed }]))
    const known = await sent(partOf([{ circumstances }]))
    expect(xarfOf(none.parsed)).toEqual([])
    expect(reportPart(none.raw)[0]).toEqual(['Feedback-Type', 'other'])
    expect(xarfOf(known.parsed)).toMatchObject([{ type: 'csam', detection_method: 'hash_match' }])
  })

  it('says what judged it: a comparison, or a person', async () => {
    const byMachine = await sent(partOf())
    const confirmed = await sent(partOf([{ verdict: 'review', decision: 'accepted' }]))
    const assessed = await sent(partOf([{ subject: { kind: 'assessment', id: 'a-1' } }]))
    const said = [byMachine, confirmed, assessed].flatMap(({ parsed }) => xarfOf(parsed))
    expect(said).toMatchObject([
      { verification_method: 'automated_crawler', detection_method: 'hash_match' },
      { verification_method: 'manual', detection_method: 'hash_match' },
      { verification_method: 'manual', detection_method: 'manual_review' },
    ])
  })

  it.each(['police', 'social-services', 'regulator', 'upstream', 'site-owner'])(
    'is text alone for %s, whose mail persons read',
    async (role) => {
      const { raw, parsed } = await sent(partOf([{}], { role, attached: [] }))
      expect(childTypes(raw)).toEqual([])
      expect(parsed.attachments).toEqual([])
      expect(parsed.text).not.toMatch(/ARF/)
    },
  )

  it('leaves the notifier out where that is wished, and the envelope address is no name', async () => {
    const { raw, parsed } = await sent(partOf([{}], { notifier: null }))
    expect(parsed.text).not.toContain('Hotline Testland')
    expect(parsed.text).toContain('Article 16(2)(c)')
    expect(raw).not.toContain('Hotline Testland')
    expect(xarfOf(parsed)).toMatchObject([
      { reporter: { org: 'withheld', contact: `bounces+${ID}e@hotline.example` } },
    ])
  })

  it('makes the same bytes of the same part', async () => {
    const first = await sent(partOf())
    const second = await sent(partOf())
    expect(second.raw).toBe(first.raw)
  })

  it('tells nothing of matches, items or hashes', async () => {
    const sha256 = 'a'.repeat(64)
    const part = partOf([{ hash: sha256, sha256 } as Partial<Case>])
    const { raw, parsed } = await sent(part)
    expect(raw + (parsed.text ?? '') + JSON.stringify(xarfOf(parsed))).not.toMatch(
      /item-1|pdq|distance|[0-9a-f]{32}/,
    )
    expect(Object.keys(part.notices[0] ?? {})).toEqual([
      'noticeId',
      'caseId',
      'step',
      'url',
      'pageUrl',
      'addresses',
      'host',
      'country',
      'firstSeenAt',
      'lastSeenAt',
      'classification',
      'basis',
      'shown',
      'judgedBy',
      'account',
      'hostToldAt',
      'reminds',
      'correction',
    ])
  })

  it('keeps an assessed case apart from a copy', async () => {
    const { parsed } = await sent(partOf([{ subject: { kind: 'assessment', id: 'a' } }]))
    expect(parsed.text).toContain('assessed by an analyst')
    expect(xarfOf(parsed)).toMatchObject([{ detection_method: 'manual_review' }])
  })

  it('lets no URL write lines or headers of its own', async () => {
    const evil =
      'http://alpha.example/x\r\nBcc: all@evil.example\r\n\r\n2. http://innocent.example/'
    const { raw, parsed } = await sent(partOf([{ rawUrl: evil, pageUrl: evil }]))
    expect(raw).not.toMatch(/^Bcc:/im)
    expect(parsed.text).not.toMatch(/^2\. /m)
    expect(parsed.text).toContain('http://alpha.example/xBcc:')
  })

  it('lets no name of the operator write headers either', async () => {
    const organisation = 'Hotline\r\nBcc: all@evil.example'
    const { raw, parsed } = await sent(partOf(), { organisation })
    expect(raw.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/im)
    expect(parsed.bcc).toBeUndefined()
  })

  it('carries long and foreign URLs whole, in lines that every relay takes', async () => {
    const long = `http://xn--bcher-kva.example/${'a=b&'.repeat(1_900)}`
    const foreign = 'http://bücher.example/ünter wegs/bild.jpg?q=ä#ö'
    const { mail, raw, parsed } = await sent(partOf([{ rawUrl: long }, { rawUrl: foreign }]))
    const lines = raw.split('\r\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998)
    expect(Buffer.from(mail.raw).every((byte) => byte < 0x80)).toBe(true)
    expect(parsed.text).toContain(`1. ${long}\n`)
    expect(parsed.text).toContain(`2. ${new URL(foreign).href}\n`)
    expect(xarfOf(parsed)).toMatchObject([{ url: long }, { url: new URL(foreign).href }])
    expect(reportPart(raw).filter(([name]) => name === 'Reported-URI')).toHaveLength(1)
  })

  it('leaves out a page that is no URL', () => {
    expect(partOf([{ pageUrl: 'no url' }]).notices[0]?.pageUrl).toBeNull()
  })

  it('refers a reminder to each mail that it reminds of, once', async () => {
    const reminds = {
      noticeId: `${ID}f`,
      messageId: '<first@hotline.example>',
      sentAt: '2026-11-01T08:00:00.000Z',
    }
    const lines = partOf([{}, {}]).notices.map((line) => ({ ...line, reminds }))
    const { parsed } = await sent(partOf([{}], { step: 'reminder', notices: lines }))
    expect(parsed.references).toBe('<first@hotline.example>')
    expect(parsed.subject).toBe(
      '[000000-000000] Reminder of notice 4F2A91-C30B7D, child sexual abuse material, 2 addresses',
    )
    expect(parsed.text).toContain('our notice: 4F2A91-C30B7D, 24 November 2026 at 09:30')
  })
})

/** Content types of the parts of the outermost multipart. */
function childTypes(raw: string): readonly string[] {
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1] ?? 'none'
  return raw
    .split(`\r\n--${boundary}\r\n`)
    .slice(1)
    .map((part) => /^Content-Type: ([^;\r]+)/im.exec(part)?.[1] ?? '')
}
