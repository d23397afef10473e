import { simpleParser } from 'mailparser'
import { describe, expect, it } from 'vitest'
import { type Case, NO_CIRCUMSTANCES } from '../../src/cases/index.ts'
import { defang } from '../../src/core/index.ts'
// The parts of one folder that no other folder may enter are tested where they are.
import { composeMail } from '../../src/takedown/compose.ts'
import { noticeLine, type NoticePart } from '../../src/takedown/notice-part.ts'
import { noticeText } from '../../src/takedown/notice-text.ts'

const CASE: Case = {
  id: 'case-1',
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
  missesInRow: 0,
  hostName: null,
  country: null,
  closedReason: null,
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

function partOf(change: Partial<Case>[] = [{}], rest: Partial<NoticePart> = {}): NoticePart {
  return {
    schema: 'hindra-notice/1',
    envelopeId: '0193-envelope',
    step: 'notice',
    composedAt: '2026-11-02T10:00:00.000Z',
    legalBasis: 'Regulation (EU) 2022/2065, Article 16',
    notifier: { organisation: 'Hotline Testland', contact: 'notices@hotline.example' },
    provider: 'Alpha Hosting',
    notices: change.map((one, n) =>
      noticeLine({ ...CASE, ...one }, { id: `notice-${n}`, step: 'notice' }, null),
    ),
    ...rest,
  }
}

async function sent(part: NoticePart) {
  const mail = await composeMail(part, 'abuse@alpha.example')
  return {
    mail,
    raw: Buffer.from(mail.raw).toString(),
    parsed: await simpleParser(Buffer.from(mail.raw)),
  }
}

describe('composeMail', () => {
  it('says the same in text and for machines, under a Message-ID of the envelope', async () => {
    const part = partOf()
    const { mail, parsed } = await sent(part)
    expect(mail).toMatchObject({
      envelopeId: '0193-envelope',
      messageId: '<0193-envelope@hotline.example>',
      from: 'notices@hotline.example',
      to: 'abuse@alpha.example',
    })
    expect(parsed.messageId).toBe('<0193-envelope@hotline.example>')
    expect(parsed.from?.value).toEqual([
      { name: 'Hotline Testland', address: 'notices@hotline.example' },
    ])
    expect(parsed.to).toMatchObject({ value: [{ address: 'abuse@alpha.example' }] })
    expect(parsed.date?.toISOString()).toBe(part.composedAt)
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated')
    expect(parsed.headers.get('x-hindra-step')).toBe('notice')
    expect(parsed.html).toBe(false)
    expect(parsed.attachments).toHaveLength(1)
    expect(parsed.attachments[0]).toMatchObject({
      contentType: 'application/json',
      filename: 'hindra-notice.json',
    })
    expect(JSON.parse(String(parsed.attachments[0]?.content))).toEqual(part)
    expect(parsed.text).toBe(noticeText(part, (url) => url))
  })

  it('names in the text what Article 16 asks for', async () => {
    const { parsed } = await sent(partOf())
    const text = parsed.text ?? ''
    expect(text).toContain('Article 16 of Regulation (EU) 2022/2065')
    expect(text).toMatch(/^1\. http:\/\/alpha\.example\/a\.jpg\?token=1$/m)
    expect(text).toMatch(/^ {3}shown on: http:\/\/alpha\.example\/page$/m)
    expect(text).toContain('class Baseline, copy of verified material')
    expect(text).toContain('in good faith')
    expect(text).toContain('preserve the evidence')
    expect(text).toContain('Hotline Testland, notices@hotline.example')
    expect(text).toContain('notice notice-0')
  })

  it('makes the same bytes of the same part', async () => {
    const first = await sent(partOf())
    const second = await sent(partOf())
    expect(second.raw).toBe(first.raw)
  })

  it('tells nothing of matches, items or hashes', async () => {
    const sha256 = 'a'.repeat(64)
    const part = partOf([{ hash: sha256, sha256 } as Partial<Case>])
    const { parsed } = await sent(part)
    const json = String(parsed.attachments[0]?.content)
    expect(json + (parsed.text ?? '')).not.toMatch(/item-1|pdq|distance|[0-9a-f]{32}/)
    expect(Object.keys(part.notices[0] ?? {})).toEqual([
      'noticeId',
      'caseId',
      'step',
      'url',
      'pageUrl',
      'firstSeenAt',
      'lastSeenAt',
      'classification',
      'basis',
      'reminds',
    ])
  })

  it('keeps an assessed case apart from a copy', async () => {
    const { parsed } = await sent(partOf([{ subject: { kind: 'assessment', id: 'a' } }]))
    expect(parsed.text).toContain('assessed by an analyst')
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
    const notifier = {
      organisation: 'Hotline\r\nBcc: all@evil.example',
      contact: 'notices@hotline.example',
    }
    const { raw, parsed } = await sent(partOf([{}], { notifier }))
    expect(raw.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/im)
    expect(parsed.bcc).toBeUndefined()
  })

  it('carries long and foreign URLs whole, in lines that every relay takes', async () => {
    const long = `http://xn--bcher-kva.example/${'a=b&'.repeat(2_000)}`
    const foreign = 'http://bücher.example/ünter wegs/bild.jpg?q=ä#ö'
    const { mail, raw, parsed } = await sent(partOf([{ rawUrl: long }, { rawUrl: foreign }]))
    const lines = raw.split('\r\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998)
    expect(Buffer.from(mail.raw).every((byte) => byte < 0x80)).toBe(true)
    expect(parsed.text).toContain(`1. ${long}\n`)
    expect(parsed.text).toContain(`2. ${new URL(foreign).href}\n`)
  })

  it('leaves out a page that is no URL', () => {
    expect(partOf([{ pageUrl: 'no url' }]).notices[0]?.pageUrl).toBeNull()
  })

  it('refers a reminder to each mail that it reminds of, once', async () => {
    const reminds = { messageId: '<first@hotline.example>', sentAt: '2026-11-01T08:00:00.000Z' }
    const lines = partOf([{}, {}]).notices.map((line) => ({ ...line, reminds }))
    const { parsed } = await sent(partOf([{}], { step: 'reminder', notices: lines }))
    expect(parsed.references).toBe('<first@hotline.example>')
    expect(parsed.subject).toBe('Reminder: illegal content (DSA Article 16), 2 addresses')
    expect(parsed.text).toContain('REMINDER')
    expect(parsed.text).toContain('first notice sent 2026-11-01T08:00:00.000Z')
  })
})

describe('noticeText for people', () => {
  it('holds no URL that can be clicked', () => {
    const text = noticeText(partOf([{ rawUrl: 'https://alpha.example/a.b.jpg' }]), defang)
    expect(text).toContain('1. hxxps://alpha[.]example/a.b.jpg')
    expect(text).not.toMatch(/https?:\/\//)
  })
})
