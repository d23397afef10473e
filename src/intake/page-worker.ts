import { serveReadingRoom } from '../core/index.ts'
import { mediaOnPage } from './page-media.ts'
import type { ForeignPage } from './page-reader.ts'

serveReadingRoom(({ html, pageUrl, limits }: ForeignPage) => mediaOnPage(html, pageUrl, limits))
