import { serveReadingRoom } from '../../src/core/index.ts'
import { mediaOnPage } from '../../src/intake/page-media.ts'
import type { ForeignPage } from '../../src/intake/page-reader.ts'

/** As the worker of the product for media, but for a parser that some words hang up. */
serveReadingRoom((page: Extract<ForeignPage, { asks: 'media' }>) => {
  while (Buffer.from(page.html).includes('hang here'));
  return mediaOnPage(page.html, page.pageUrl, page.limits)
})
