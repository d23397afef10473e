import { serveReadingRoom } from '../core/index.ts'
import { legiblePage } from './page-legible.ts'
import { mediaOnPage } from './page-media.ts'
import type { ForeignPage } from './page-reader.ts'

serveReadingRoom((page: ForeignPage) =>
  page.asks === 'text'
    ? legiblePage(page.html, page.found, page.limits)
    : mediaOnPage(page.html, page.pageUrl, page.limits),
)
