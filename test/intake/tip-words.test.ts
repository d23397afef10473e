import { describe, expect, it } from 'vitest'
import { parseTip, TIP_CATEGORIES } from '../../src/intake/index.ts'

const told = { words: 'somebody writes to children', category: 'grooming' }

describe('a tip in words', () => {
  it('needs a category, and no more: a child may say one word', () => {
    expect(parseTip({ words: 'hjälp', category: 'other' })).toEqual({
      words: 'hjälp',
      category: 'other',
      source: 'public',
      priority: 3,
    })
    for (const category of TIP_CATEGORIES) expect(parseTip({ ...told, category })).toBeDefined()
  })

  it('is urgent where a child is in danger now, whoever says so', () => {
    expect(parseTip({ ...told, inDangerNow: true }).priority).toBe(1)
    expect(parseTip({ ...told, source: 'child-support-line' }).priority).toBe(1)
  })

  it.each([
    ['nothing of both', 'url', {}],
    ['a category alone', 'url', { category: 'grooming' }],
    ['words without a category', 'category', { words: 'x' }],
    ['another category', 'category', { ...told, category: 'rumour' }],
    ['another place', 'seenIn', { ...told, seenIn: 'moon' }],
    ['a country in words', 'country', { ...told, country: 'Sweden' }],
    ['words beside a URL', 'words', { ...told, url: 'https://a.example/' }],
    ['a category beside a URL', 'category', { category: 'text', url: 'https://a.example/' }],
    ['a page', 'pageUrl', { ...told, pageUrl: 'https://a.example/' }],
    ['hashes', 'hashes', { ...told, hashes: [{ type: 'md5', value: '0'.repeat(32) }] }],
    ['an attachment', 'attachments', { ...told, attachments: ['AAAA'] }],
    ['no word that anybody sees', 'words', { ...told, words: ' \u202e\u0000\u200f ' }],
    ['a megabyte', 'words', { ...told, words: 'x'.repeat(1024 * 1024) }],
  ])('is refused with %s', (_what, field, value) => {
    expect(() => parseTip(value)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', field }))
  })

  it('loses what nobody sees and what turns the direction of writing, and nothing else', () => {
    const hostile = 'a\u202Eb\u2066c\u0007d\u001b[31me\uD800f\r\ng\u2028h\ti'
    expect(parseTip({ ...told, words: hostile }).words).toBe('abcd[31mef\ng\nh\ti')
    const kept = '<b>ord</b> från 👩‍👩‍👧 https://a.example/?q=1 نص می‌خواهم'
    expect(parseTip({ ...told, words: kept }).words).toBe(kept)
    // What was taken is taken again as it is: lists are taken in pieces.
    expect(parseTip(parseTip({ ...told, words: hostile })).words).toBe('abcd[31mef\ng\nh\ti')
  })
})
