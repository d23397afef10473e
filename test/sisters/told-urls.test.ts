import { describe, expect, it } from 'vitest'
import { isBelow, toldUrls } from '../../src/sisters/told-urls.ts'

const read = (text: string, urls: readonly string[] = []) =>
  toldUrls(text, { urls: [...urls] }, (host) => isBelow(host, ['inhope.org']))

describe('URLs of a text', () => {
  it.each([
    ['plain', 'See https://host.example/a.jpg', 'https://host.example/a.jpg'],
    ['at the end of a sentence', 'It is at http://host.example/a.', 'http://host.example/a'],
    ['in brackets', '(https://host.example/a)', 'https://host.example/a'],
    ['between angles', '<https://host.example/a>, seen today', 'https://host.example/a'],
    ['with brackets of its own', 'https://host.example/a_(1)', 'https://host.example/a_(1)'],
    ['in quotation marks', '"https://host.example/a"', 'https://host.example/a'],
    ['of Markdown', '[the page](https://host.example/a)', 'https://host.example/a'],
    ['defanged', 'hxxps://host[.]example/a?b=1', 'https://host.example/a?b=1'],
    ['defanged further', 'hxxp[:]//host(.)sub[dot]example/a', 'http://host.sub.example/a'],
    [
      'within another one',
      'https://mirror.example/https://host.example/a',
      'https://mirror.example/https://host.example/a',
    ],
    ['with an underscore at its end', 'https://host.example/a_', 'https://host.example/a_'],
  ])('%s', (_how, text, url) => {
    expect(read(text)).toEqual({ urls: [url], hasUnread: false })
  })

  it('come once each, in the order of the text', () => {
    const text = 'http://b.example/\nhttp://a.example/\nHTTP://B.example:80/'
    expect(read(text).urls).toEqual(['http://b.example/', 'http://a.example/'])
  })

  it('leave out what stands in footers, also below its domain, and no other that ends alike', () => {
    const text = 'https://www.inhope.org/EN https://INHOPE.org. https://notinhope.org/a'
    expect(read(text).urls).toEqual(['https://notinhope.org/a'])
  })

  it('are those behind a label, where the sender labels them', () => {
    const text = 'URL: http://a.example/\nReferrer: http://b.example/\n link : http://c.example/'
    expect(read(text, ['url', 'link']).urls).toEqual(['http://a.example/', 'http://c.example/'])
  })

  it.each(['http://', 'see https://[::bad/x', 'hxxp://'])(
    'of which none can be made: %s',
    (text) => {
      expect(read(text)).toEqual({ urls: [], hasUnread: true })
    },
  )

  it('are none where nothing begins as one', () => {
    expect(read('An account on example[.]com writes to children.')).toEqual({
      urls: [],
      hasUnread: false,
    })
  })
})
