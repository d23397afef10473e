import { describe, expect, it } from 'vitest'
import { isHtmlPage } from '../../src/intake/index.ts'
import { mediaOnPage } from '../../src/intake/page-media.ts'

const PAGE = 'https://forum.example/board/thread?id=7#top'

function urlsOn(html: string | Uint8Array, limits: { mediaMax?: number; bytesMax?: number } = {}) {
  const bytes = typeof html === 'string' ? Buffer.from(html) : html
  const found = mediaOnPage(bytes, PAGE, { mediaMax: 100, bytesMax: 1_000_000, ...limits })
  return found.map(({ url }) => url)
}

const here = (path: string) => `https://forum.example/board/${path}`

describe('media on a page', () => {
  it.each([
    ['<img src=a.jpg>', ['a.jpg']],
    ['<IMG ALT=x SRC = "a.jpg" >', ['a.jpg']],
    ["<img src='a.jpg'/>", ['a.jpg']],
    ['<image src=a.jpg>', ['a.jpg']],
    ['<img src="a.jpg?x=1&amp;y=2#frag">', ['a.jpg?x=1&y=2']],
    ['<img src="\n a.jpg ">', ['a.jpg']],
    ['<img src=first.jpg src=second.jpg>', ['first.jpg']],
    ['<img src=pixel.gif data-src=a.jpg>', ['pixel.gif', 'a.jpg']],
    ['<img data-original=a.jpg><img data-lazy-src=b.jpg>', ['a.jpg', 'b.jpg']],
    ['<noscript><img src=a.jpg></noscript>', ['a.jpg']],
    ['<template><img src=a.jpg></template>', ['a.jpg']],
    ['<img srcset="s.jpg 100w, l.jpg 900w, m.jpg 300w">', ['l.jpg', 'm.jpg', 's.jpg']],
    ['<img src=a.jpg data-srcset="b.jpg, c.jpg 2x">', ['a.jpg', 'c.jpg', 'b.jpg']],
    [
      '<picture><source srcset="a.webp 2x"><source type="image/avif" srcset=a.avif><img src=a.jpg></picture>',
      ['a.webp', 'a.avif', 'a.jpg'],
    ],
    ['<video src=a.mp4 poster=a.jpg></video>', ['a.mp4', 'a.jpg']],
    [
      '<video data-poster=a.jpg><source src=a.webm><source data-src=a.mp4></video>',
      ['a.jpg', 'a.webm', 'a.mp4'],
    ],
    ['<audio><source src=a.mp3 type=audio/mpeg></audio>', []],
    ['<meta property="og:image" content="a.jpg">', ['a.jpg']],
    ['<meta name="OG:Video:secure_url" content="a.mp4">', ['a.mp4']],
    ['<meta name="twitter:image" content="a.jpg">', ['a.jpg']],
    ['<meta itemprop="image" content="a.jpg">', ['a.jpg']],
    ['<meta property="og:title" content="a.jpg">', []],
    ['<link rel="image_src" href=a.jpg>', ['a.jpg']],
    ['<link rel="preload" as=image href=a.jpg>', ['a.jpg']],
    ['<link rel="icon preload" as=script href=a.js>', []],
    ['<link rel="stylesheet" href=a.css>', []],
    ['<a href=a.jpg>a</a>', []],
    // Not shown: comments, scripts, text.
    ['<!-- <img src=a.jpg> -->', []],
    ['<script>"<img src=a.jpg>"</script>', []],
    ['<style><img src=a.jpg></style>', []],
    ['<textarea><img src=a.jpg></textarea><title><img src=b.jpg></title>', []],
    ['&lt;img src=a.jpg&gt;', []],
    ['<img title="<img src=a.jpg>">', []],
    // No media URL.
    ['<img src><img src=""><img src=" ">', []],
    ['<img src="data:image/png;base64,AAAA"><img src="javascript:1">', []],
    ['<img src="http://user:pw@x.example/"><img src="http://[/">', []],
    ['<img src="ftp://x.example/a.jpg"><img src="blob:https://x.example/1">', []],
    // What a parser must live with.
    ['<img src=a.jpg', []],
    ['<img src=a.jpg><img src="b.jpg', ['a.jpg']],
    ['</p></br><p/><b><i></b></i><img src=a.jpg>', ['a.jpg']],
    ['<svg><img src=a.jpg></svg><math><mi><img src=b.jpg>', ['a.jpg', 'b.jpg']],
    ['<form><form><img src=a.jpg>', ['a.jpg']],
    ['<img src=a.jpg\0><img src=b.jpg>', ['a.jpg%EF%BF%BD', 'b.jpg']],
    ['<img src=a.jpg><img src=./a.jpg><img src="../board/a.jpg">', ['a.jpg']],
    ['', []],
  ])('%s', (html, paths) => {
    expect(urlsOn(html)).toEqual(paths.map(here))
  })

  it('says which element names it', () => {
    const html = Buffer.from('<meta property=og:video content=a.mp4><img src=a.jpg>')
    expect(mediaOnPage(html, PAGE, { mediaMax: 9, bytesMax: 999 })).toEqual([
      { url: here('a.mp4'), element: 'meta' },
      { url: here('a.jpg'), element: 'img' },
    ])
  })

  it.each([
    ['<base href="//cdn.example/x/"><img src=a.jpg>', ['https://cdn.example/x/a.jpg']],
    ['<base href="/x/"><img src=a.jpg>', ['https://forum.example/x/a.jpg']],
    ['<base href="/x/"><base href="/y/"><img src=a.jpg>', ['https://forum.example/x/a.jpg']],
    ['<base target=_top><base href="/y/"><img src=a.jpg>', ['https://forum.example/y/a.jpg']],
    ['<base href="javascript:1"><img src=a.jpg>', [here('a.jpg')]],
    ['<base href="http://[/"><img src=a.jpg>', [here('a.jpg')]],
    ['<img src="//CDN.example:443/a.jpg">', ['https://cdn.example/a.jpg']],
    ['<img src="http://10.0.0.1/a.jpg">', ['http://10.0.0.1/a.jpg']],
  ])('is where its base says: %s', (html, urls) => {
    expect(urlsOn(html)).toEqual(urls)
  })

  it('is bounded in number: what is shown comes before the smaller sizes of it', () => {
    const pictures = Array.from({ length: 5 }, (_, n) => `<img srcset="${n}s 1x, ${n}l 2x">`)
    const expected = ['0l', '1l', '2l', '3l', '4l', '0s', '1s'].map(here)
    expect(urlsOn(pictures.join(''), { mediaMax: 7 })).toEqual(expected)
    expect(urlsOn(pictures.join(''), { mediaMax: 2 })).toEqual(expected.slice(0, 2))
  })

  it('is sought in the first bytes only', () => {
    const html = `<img src=a.jpg>${' '.repeat(1000)}<img src=b.jpg>`
    expect(urlsOn(html, { bytesMax: 1000 })).toEqual([here('a.jpg')])
    expect(urlsOn('<img src=é.jpg>é', { bytesMax: 17 })).toEqual([here('%C3%A9.jpg')])
  })

  it.each([
    ['utf-8', Buffer.from('<img src=é.jpg>')],
    ['windows-1252 that nobody declared', Buffer.from('<img src=é.jpg>', 'latin1')],
    [
      'windows-1251 and says so',
      Buffer.from('<meta charset=windows-1251><img src=\xe9.jpg>', 'latin1'),
      '%D0%B9.jpg',
    ],
    [
      'windows-1251 and says so as of old',
      Buffer.from(
        '<meta http-equiv=content-type content="text/html; charset=cp1251"><img src=\xe9.jpg>',
        'latin1',
      ),
      '%D0%B9.jpg',
    ],
    ['utf-16 with a mark', Buffer.from('\ufeff<img src=é.jpg>', 'utf16le')],
    ['utf-8 and says it were utf-16', Buffer.from('<meta charset=utf-16le><img src=é.jpg>')],
    ['utf-8 and says it were nothing known', Buffer.from('<meta charset=own><img src=é.jpg>')],
  ])('has its name though the page is in %s', (_name, html, path = '%C3%A9.jpg') => {
    expect(urlsOn(html)).toEqual([here(path)])
  })

  it.each([
    ['elements never closed', '<b>'],
    ['elements closed that were never open', '</i>'],
    ['forms', '<form>'],
    ['foreign elements', '<svg><math>'],
    ['half tags', '<a'],
    ['comments', '<!--'],
    ['broken links', '<img src="http://[">'],
    ['sets', '<img srcset="a 1x,,,">'],
  ])('is found in time on a page of %s', (_name, part) => {
    const html = part.repeat(500_000 / part.length)
    expect(urlsOn(`<img src=first.jpg>${html}`)[0]).toBe(here('first.jpg'))
  })
})

describe('a srcset', () => {
  it.each([
    ['a.jpg', ['a.jpg']],
    [' a.jpg , b.jpg 2x', ['b.jpg', 'a.jpg']],
    ['a.jpg,b.jpg', ['a.jpg,b.jpg']],
    ['a.jpg, b.jpg', ['a.jpg', 'b.jpg']],
    ['a,w_100/x.jpg 1x, a,w_200/x.jpg 2x', ['a,w_200/x.jpg', 'a,w_100/x.jpg']],
    ['a.jpg 1x (x, y), b.jpg 2x', ['b.jpg', 'a.jpg']],
    [',,, a.jpg 1x ,,', ['a.jpg']],
    ['a.jpg 100w 50h, b.jpg 1e3w', ['b.jpg', 'a.jpg']],
    ['a.jpg zzz, b.jpg', ['a.jpg', 'b.jpg']],
    [', ,', []],
  ])('%j', (set, paths) => {
    expect(urlsOn(`<img srcset="${set}">`)).toEqual(paths.map(here))
  })
})

describe('a page is told by its bytes', () => {
  it.each([
    '<!DOCTYPE html>',
    '  \n<!doctype HTML public>',
    '<html lang=en>',
    '<HEAD>',
    '<body class=x>',
    '<!-- saved -->',
    '<p>text',
    '<script>',
    '\ufeff<html>',
    '<?xml version="1.0"?>\n<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">',
  ])('it is one: %j', (text) => {
    expect(isHtmlPage(Buffer.from(text))).toBe(true)
    expect(isHtmlPage(Buffer.from(`\ufeff${text}`, 'utf16le'))).toBe(true)
  })

  it.each([
    '',
    '<',
    '<htmlx>',
    '<paragraph>',
    'text <html>',
    '{"html": "<html>"}',
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">',
    '<svg>',
    'GIF89a<html>',
    '\x89PNG\r\n\x1a\n<html>',
  ])('it is none: %j', (text) => {
    expect(isHtmlPage(Buffer.from(text, 'latin1'))).toBe(false)
  })
})
