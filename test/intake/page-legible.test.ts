import { describe, expect, it } from 'vitest'
import { isTextPage } from '../../src/intake/index.ts'
import { legiblePage, type LegibleLimits } from '../../src/intake/page-legible.ts'

const PAGE = 'https://forum.example/board/thread?id=7'
const LIMITS: LegibleLimits = { textMax: 20_000, linksMax: 200, bytesMax: 2_100_000 }

function read(
  html: string | Uint8Array,
  limits: Partial<LegibleLimits> = {},
  contentType = 'text/html',
) {
  const bytes = typeof html === 'string' ? Buffer.from(html) : html
  return legiblePage(bytes, { pageUrl: PAGE, contentType }, { ...LIMITS, ...limits })
}
const textOf = (html: string) => read(html).text
const urlsOn = (html: string) => read(html).links.map(({ url }) => url)

describe('the text of a page', () => {
  it.each([
    ['<p>one</p><p>two', 'one\ntwo'],
    ['  a \n\t b&nbsp;&nbsp;c ', 'a b c'],
    ['<div><div><div>a</div></div></div><br><br><hr>b', 'a\nb'],
    ['<span>on</span><b>e</b> <i>word</i>', 'one word'],
    ['<table><tr><td>a<td>b<tr><td>c</table>', 'a b\nc'],
    ['<li>a<li>b', 'a\nb'],
    ['a&lt;b&gt; &#x62; &auml; &amp;amp;', 'a<b> b ä &amp;'],
    ['<pre>a\n  b</pre>', 'a b'],
    ['<noscript>told to those without script</noscript>', 'told to those without script'],
    ['<textarea>typed <b>so</b></textarea>', 'typed <b>so</b>'],
    ['<template>kept for later</template>', 'kept for later'],
    // What styles hide is text all the same.
    ['<p style="display:none" hidden>unseen by most</p>', 'unseen by most'],
    ['<p style="font-size:0">tiny</p><p style="color:#fff">white</p>', 'tiny\nwhite'],
    // What is for programs is not.
    ['a<script>var b = "<p>c</p>"</script>d', 'ad'],
    ['a<style>p { content: "b" }</style>c', 'ac'],
    ['a<!-- b -->c<!--> d', 'ac d'],
    ['a<iframe>no frames here</iframe>b<noframes>nor here</noframes>', 'ab'],
    ['a<img alt="b" title="c" src=d.jpg>e', 'ae'],
    // Left open, or what ends without having begun.
    ['a<script>b', 'a'],
    ['</div></b>a<b', 'a'],
    ['a</script>b', 'ab'],
    // A drawing ends its own elements otherwise than HTML does.
    ['<svg><style/></svg>seen', 'seen'],
    ['<svg><script/><text>drawn</text></svg>', 'drawn'],
    ['<svg><style><div>seen</div>', 'seen'],
    ['<svg><style></svg>seen', 'seen'],
    ['<style/></svg>unseen', ''],
  ])('of %j is %j', (html, text) => {
    expect(textOf(html)).toBe(text)
  })

  it('has its title apart, on one line', () => {
    const page = read('<title> A \n <b>new</b> &amp; </title><title>B</title><body>text')
    expect(page).toMatchObject({ title: 'A <b>new</b> &', text: 'text' })
    expect(read('text').title).toBeNull()
    expect(read('<svg><title>drawn</title></svg><title>told</title>').title).toBe('told')
    expect(read(`<title>${'x'.repeat(9_000)}`).title).toHaveLength(300)
  })

  it('tells what nobody sees, and what turns the direction of writing', () => {
    expect(textOf('pay\u202Egpj.exe')).toBe('pay[U+202E]gpj.exe')
    expect(textOf('a&#8238;b&#x200B;c\u2066d')).toBe('a[U+202E]b[U+200B]c[U+2066]d')
    expect(read('<title>\u202Ex</title>').title).toBe('[U+202E]x')
    expect(read('<a href=/x>\u202Ex</a>').links[0]?.words).toBe('[U+202E]x')
    expect(textOf('\u0000a\u0007b')).toBe('\ufffda[U+0007]b')
    expect(textOf('<scr\0ipt>a</scr\0ipt>')).toBe('a')
  })

  it('is kept up to its length, with how much was left out, and never half a character', () => {
    expect(read('<p>abcdef<p>gh', { textMax: 4 })).toMatchObject({ text: 'abcd', textLeftOut: 5 })
    expect(read('abcd', { textMax: 4 })).toMatchObject({ text: 'abcd', textLeftOut: 0 })
    expect(read('abc\u{1F600}', { textMax: 4 })).toMatchObject({ text: 'abc', textLeftOut: 2 })
    expect(read('abc', { textMax: 0 })).toMatchObject({ text: '', textLeftOut: 3 })
  })

  it('is of the first bytes alone, and says so', () => {
    const page = read(`${'a'.repeat(1_000)}<p>b`, { bytesMax: 1_000 })
    expect(page).toMatchObject({ text: 'a'.repeat(1_000), isWhole: false })
    expect(read('a', { bytesMax: 1 }).isWhole).toBe(true)
  })

  it.each([
    ['UTF-8', Buffer.from('<p>å€x', 'utf8'), ''],
    ['windows-1252, which says nothing', Buffer.from('<p>\xe5\x80x', 'latin1'), ''],
    [
      'windows-1252, by the page',
      Buffer.from('<meta charset=windows-1252><p>\xe5\x80x', 'latin1'),
      '',
    ],
    ['latin1, by its host', Buffer.from('<p>\xe5\x80x', 'latin1'), 'text/html; charset=ISO-8859-1'],
    [
      'windows-1252 by its host, whatever the page says',
      Buffer.from('<meta charset=utf-8><p>\xe5\x80x', 'latin1'),
      'text/html;charset="windows-1252"',
    ],
    ['UTF-16 with its mark', Buffer.from('\ufeff<p>å€x', 'utf16le'), 'text/html; charset=utf-8'],
    ['UTF-16, by its host', Buffer.from('<p>å€x', 'utf16le'), 'text/html; charset=utf-16'],
    ['UTF-8, of a charset that nobody knows', Buffer.from('<p>å€x'), 'text/html; charset=x-none'],
  ])('is read in %s', (_encoding, bytes, contentType) => {
    expect(read(bytes, {}, contentType).text).toBe('å€x')
  })
})

describe('the links of a page', () => {
  it.each([
    ['<a href=/a>', ['https://forum.example/a']],
    ['<a href="b?x=1&amp;y=2#z">', ['https://forum.example/board/b?x=1&y=2#z']],
    ['<a href="//cdn.example/c">', ['https://cdn.example/c']],
    ['<area href=/a><frame src=/b><iframe src=/c></iframe>', ['a', 'b', 'c'].map(ofForum)],
    ['<a href=first href=second>', ['https://forum.example/board/first']],
    ['<a href="mailto:a@b.example">', ['mailto:a@b.example']],
    ['<a href="magnet:?xt=urn:btih:00">', ['magnet:?xt=urn:btih:00']],
    ['<a href="tg://resolve?domain=x">', ['tg://resolve?domain=x']],
    ['<a href="https://mega.example/#F!key">', ['https://mega.example/#F!key']],
    ['<a href=/a><a href="/a">', ['https://forum.example/a']],
    ['<base href="https://other.example/x/"><a href=a>', ['https://other.example/x/a']],
    ['<base href=/1/><base href=/2/><a href=a>', ['https://forum.example/1/a']],
    ['<base href="javascript:1"><a href=a>', ['https://forum.example/board/a']],
    ['<a href=a><base href=/1/><a href=a>', ['https://forum.example/board/a', ofForum('1/a')]],
    [
      '<meta http-equiv=Refresh content="0; URL=\'https://next.example/\'">',
      ['https://next.example/'],
    ],
    ['<meta http-equiv=refresh content=5>', []],
    // To the page itself, to nowhere, to nothing that is shown.
    ['<a href="#top"><a href=""><a href="?id=7">', []],
    ['<a name=x><a>', []],
    ['<img src=/a.jpg><video src=/b.mp4><link href=/c.css><script src=/d.js></script>', []],
    ['<form action=/send><button formaction=/other>', []],
  ])('of %j are %j', (html, urls) => {
    expect(urlsOn(html)).toEqual(urls)
  })

  function ofForum(path: string): string {
    return `https://forum.example/${path}`
  }

  it('say what they are, and what stands on them', () => {
    const { links } = read(
      '<a href=/a>see <b>all</b>\n<p>here</p></a> and <a href=/b><img></a><a href=/b>later</a><a href=/c>' +
        '<iframe src=/d></iframe><meta http-equiv=refresh content="1;url=/e">open',
    )
    expect(links).toEqual([
      { kind: 'link', url: 'https://forum.example/a', words: 'see all here' },
      { kind: 'link', url: 'https://forum.example/b', words: 'later' },
      { kind: 'link', url: 'https://forum.example/c', words: 'open' },
      { kind: 'frame', url: 'https://forum.example/d', words: '' },
      { kind: 'forward', url: 'https://forum.example/e', words: '' },
    ])
    expect(read(`<a href=/a>${'x'.repeat(500)}`).links[0]?.words).toHaveLength(100)
  })

  it('that run programs, hold data or are no URL are counted, and not shown', () => {
    const page = read(
      '<a href="javascript:alert(1)"><a href=" java\nscript:1"><a href="data:text/html,x">' +
        `<a href="http://["><a href="/${'x'.repeat(9_000)}"><a href="javascript:alert(1)"><a href=/a>`,
    )
    expect(page.links.map(({ url }) => url)).toEqual(['https://forum.example/a'])
    expect(page.linksLeftOut).toBe(5)
  })

  it('are as many as are allowed, with how many more there are', () => {
    const html = Array.from({ length: 50 }, (_, at) => `<a href=/${String(at)}>x</a>`).join('')
    const page = read(html + html, { linksMax: 20 })
    expect([page.links.length, page.linksLeftOut]).toEqual([20, 30])
    expect(read(html, { linksMax: 0 })).toMatchObject({ links: [], linksLeftOut: 50 })
  })
})

/** Two millions of bytes of each: what takes more than linear time of it never ends within a test. */
describe('a hostile page is read all the same', () => {
  const MIB_2 = 2_000_000
  const times = (piece: string) => piece.repeat(Math.floor(MIB_2 / piece.length))
  it.each([
    ['nested', `${'<div>'.repeat(100_000)}deep${'</div>'.repeat(100_000)}`, 'deep'],
    ['nested and left open', times('<b><i><table>'), ''],
    ['closed without end', times('</p></b>'), ''],
    ['all links', `x${times('<a href=a>')}`, 'x'],
    ['all drawings', times('<svg><style/>'), ''],
    ['all entities', times('&#97;').slice(0, 100_000), null],
    ['all attributes', `<p ${times('a=b ')}>x`, 'x'],
    ['one attribute', `<a href="${times('&amp;')}">x`, 'x'],
    ['all white space', `x${times(' \n')}y`, 'x y'],
    ['one forward', `x<meta http-equiv=refresh content="${times('1')}">`, 'x'],
    ['all comments', `x${times('<!--')}`, 'x'],
  ])('%s', (_what, html, text) => {
    const page = read(html)
    if (text !== null) expect(page.text).toBe(text)
  })

  it('with a hundred thousand links, of which some are compared', () => {
    const html = Array.from({ length: 100_000 }, (_, at) => `<a href=/${String(at)}>`).join('')
    const base = `<base href="https://forum.example/${'x/'.repeat(900)}">`
    const page = read(base + html)
    expect(page.links.length + page.linksLeftOut).toBe(100_000)
  })
})

describe('what has text to be read', () => {
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46)
  it.each([
    ['HTML, whatever its host says', '<!doctype html><p>x', 'image/jpeg', true],
    ['text that its host calls HTML', '<section>x', 'text/html; charset=utf-8', true],
    ['XHTML', '<section>x', 'application/xhtml+xml', true],
    ['HTML in UTF-16', Buffer.from('<section>x', 'utf16le'), 'text/html; charset=utf-16le', true],
    ['text', '<section>x', 'text/plain', false],
    ['text that its host calls nothing', 'x', '', false],
    ['a picture', jpeg, 'image/jpeg', false],
    ['a picture that its host calls HTML', jpeg, 'text/html', false],
  ])('%s: %#', (_what, body, contentType, isPage) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    expect(isTextPage({ bytes, contentType })).toBe(isPage)
  })
})
