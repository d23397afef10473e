import { describe, expect, it } from 'vitest'
import { signOf } from '../../src/recheck/page-signs.ts'

const page = (title: string, body = '') =>
  Buffer.from(
    `<!doctype html><html><head><title>${title}</title></head><body>${body}</body></html>`,
  )
const FRAME = '<form><input name=p TYPE="password"></form><p>Log in or join</p>'
const LONG = `<p>${'Comments of visitors about many things. '.repeat(80)}</p>`

describe('what a page says of why it is shown', () => {
  it.each([
    ['Just a moment...', '<script src="/cdn-cgi/challenge-platform/h/b"></script>', 'captcha'],
    ['One more step', '<div class="g-recaptcha"></div>', 'captcha'],
    ['Kontroll', '<p>Visa att du inte är en robot, är du en robot?</p>', 'captcha'],
    ['Sorry', '<p>This video is not available in your country.</p>', 'geo-block'],
    ['Hoppsan', '<p>Innehållet är inte tillgängligt i ditt land.</p>', 'geo-block'],
    ['Fehler', '<p>Dieser Inhalt ist in Ihrem Land nicht verfügbar.</p>', 'geo-block'],
    ['Notice', '<p>Unavailable for legal reasons, by a court order.</p>', 'legal-block'],
    ['Access denied', '<p>Reference 18.2</p>', 'block-page'],
    ['Stopp', '<p>Webbplatsen är blockerad.</p>', 'block-page'],
    ['Доступ ограничен', '', 'block-page'],
    ['Sign in', '<p>Not found in your list? Join.</p>', 'login'],
    ['Welcome', FRAME, 'login'],
    ['Picture not found', FRAME, 'removal-page'],
    ['Host', '<h1>This image has been removed</h1>', 'removal-page'],
    ['Host', '<p>Bilden har tagits bort.</p>', 'removal-page'],
    ['Hébergeur', '<p>Cette page est introuvable.</p>', 'removal-page'],
    ['Файл', '<p>Файл удалён.</p>', 'removal-page'],
    ['Gallery', `<p>One of them was removed.</p>${LONG}`, undefined],
    ['Gallery', `<p>No access denied here.</p>${LONG}`, undefined],
    ['Gallery', '<p>Holidays</p><script>"not found"</script><!-- not a word -->', undefined],
  ])('%s, %s: %s', (title, body, sign) => {
    expect(signOf(page(title, body))).toBe(sign)
  })

  it('is found in linear time, however a page is built', () => {
    const pieces = ['<script>', '<title>', '<!--', '<input type', '<h1', '</', 'not available in ']
    for (const piece of pieces) {
      expect(signOf(Buffer.from(piece.repeat(200_000 / piece.length)))).toBe(undefined)
    }
  })
})
