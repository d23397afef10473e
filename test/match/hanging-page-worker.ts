import { serveReadingRoom } from '../../src/core/index.ts'
import { mediaOnPage } from '../../src/intake/page-media.ts'
import type { ForeignPage } from '../../src/intake/page-reader.ts'

/** As the worker of the product, but for a parser that some words hang up. */
serveReadingRoom(({ html, pageUrl, limits }: ForeignPage) => {
  while (Buffer.from(html).includes('hang here'));
  return mediaOnPage(html, pageUrl, limits)
})
