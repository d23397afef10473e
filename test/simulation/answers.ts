import type { Answer } from './network.ts'
import { bytesOf, contentTypeOf, ORIGINAL, type Picture } from './gallery/gallery.ts'
import { isKeptFrom, type Shown, type Visitor } from './page.ts'

/** What hosts show in the place of what they removed; it is on the allow-list. */
export const PLACEHOLDER: Picture = { subject: 'placeholder', copy: ORIGINAL }

/** The picture that the visitor is given to see, if any; of a removal it is another one. */
export function pictureOf(shown: Shown, url: string, visitor: Visitor): Picture | undefined {
  return shown.kind === 'media' && !isKeptFrom(shown.cloak, url, visitor)
    ? shown.picture
    : undefined
}

/** What the wire says of it; undefined where nobody answers. */
export function answerOf(shown: Shown, url: string, visitor: Visitor): Answer | undefined {
  switch (shown.kind) {
    case 'media': {
      const seen = pictureOf(shown, url, visitor)
      return seen === undefined ? html(404, '<h1>Not found</h1>') : picture(seen)
    }
    case 'account':
      return html(
        200,
        `<h1>${new URL(url).pathname.split('/').at(-1) ?? ''}</h1><p>Write to me</p>`,
      )
    case 'placeholder':
      return picture(PLACEHOLDER)
    case 'gone':
    case 'blip':
      return html(404, '<h1>Not found</h1>')
    case 'removal-page':
      return html(200, '<h1>This file is no longer available</h1>')
    case 'login':
      return html(200, '<h1>Welcome</h1><input type="password">')
    case 'captcha':
      return html(200, '<div class="g-recaptcha"></div>')
    case 'geo-block':
      return html(403, '<p>This content is not available in your country')
    case 'block-page':
      return html(200, '<p>Access denied')
    case 'broken':
      return html(503, '<p>Try again later')
    case 'dead':
      return undefined
  }
}

function html(status: number, text: string): Answer {
  return { status, body: Buffer.from(`<!doctype html>${text}`), contentType: 'text/html' }
}

function picture(shown: Picture): Answer {
  return { status: 200, body: bytesOf(shown), contentType: contentTypeOf(shown) }
}
