import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defang } from '../../src/core/index.ts'
// The parts of one folder that no other folder may enter are tested where they are.
import { createNoticeWriter } from '../../src/takedown/notice-text.ts'
import { sampleParts } from '../../src/takedown/sample-parts.ts'
import { LADDER_STEPS, LANGUAGES } from '../../src/takedown/types.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-texts-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

const write = createNoticeWriter()

function own(file: string, text: string): void {
  mkdirSync(join(directory, file, '..'), { recursive: true })
  writeFileSync(join(directory, file), text)
}

describe.each(LANGUAGES)('texts in %s', (language) => {
  const parts = sampleParts(language)

  it('say at every step who, where, why and which', () => {
    expect(new Set(parts.map(({ step }) => step))).toEqual(new Set(LADDER_STEPS))
    for (const part of parts) {
      const { subject, body } = write(part, (url) => url)
      expect(subject).toContain(String(part.notices.length))
      expect(body).toContain(part.provider)
      for (const line of part.notices) {
        for (const said of [line.url, line.pageUrl ?? '', line.noticeId])
          expect(body).toContain(said)
        if (part.step === 'correction') continue
        for (const said of [
          line.firstSeenAt,
          line.lastSeenAt,
          line.classification,
          ...line.addresses,
        ])
          expect(body).toContain(said)
      }
      const { notifier, step, nature, laws } = part
      expect(body.includes('The sample hotline, sample@hotline.example')).toBe(notifier !== null)
      const accuses = step !== 'correction' && nature === 'illegal'
      for (const law of laws) expect(body.includes(law)).toBe(accuses)
      expect(body).not.toMatch(/undefined|null|\[object|\border\b|föreläggande/i)
    }
  })

  it('differ from step to step', () => {
    const bodies = LADDER_STEPS.map((step) => {
      const part = parts.find((one) => one.step === step)
      return part && write(part, (url) => url).body
    })
    expect(new Set(bodies).size).toBe(LADDER_STEPS.length)
  })

  it('hold no URL that can be clicked where they are shown to people', () => {
    for (const part of parts) {
      const { body } = write(part, defang)
      expect(body).toContain('hxxps://site[.]example/1.jpg')
      expect(body).not.toMatch(/https?:\/\//)
    }
  })
})

describe('a notice in English', () => {
  it('is laid out as people read it', () => {
    const part = sampleParts('en')[0]
    expect(part && write(part, (url) => url).body).toMatch(
      /1\. https:\/\/site\.example\/1\.jpg\n {3}shown on: https:.*\n {3}served from: 192\.0\.2\.7\n/,
    )
  })
})

describe('own templates', () => {
  it('come before those that ship, file by file', () => {
    const text = [
      'Subject: <%= it.count %> withdrawn',
      '<% for (const e of it.notices) { %><%= e.noticeId %> <%= e.url %> <%= e.pageUrl %><% } %>',
      '<% if (it.notifier) { %><%= it.notifier.organisation %> <%= it.notifier.contact %><% } %>',
    ].join('\n')
    own('sv/correction.eta', text)
    const ours = createNoticeWriter(directory)
    const correction = sampleParts('sv').find(({ step }) => step === 'correction')
    expect(correction && ours(correction, (url) => url).subject).toBe('2 withdrawn')
    const notice = sampleParts('sv')[0]
    expect(notice && ours(notice, (url) => url)).toEqual(notice && write(notice, (url) => url))
  })

  it.each([
    ['a placeholder that does not exist', 'Subject: x\n<%= it.providr %>', 'placeholder providr'],
    ['no subject', 'Hello', 'Subject'],
    ['no URL', 'Subject: x\nHello', 'https://site.example/1.jpg'],
    ['broken syntax', 'Subject: x\n<% for ( { %>', 'en/notice.eta'],
  ])('with %s are refused at the start', (_what, text, says) => {
    own('en/notice.eta', text)
    expect(() => createNoticeWriter(directory)).toThrow(says)
    expect(() => createNoticeWriter(directory)).toThrow(
      expect.objectContaining({ code: 'INVALID_CONFIG' }),
    )
  })
})
