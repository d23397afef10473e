import { serveReadingRoom } from '../core/index.ts'
import { mediaOnPage } from './page-media.ts'
import type { PageText } from './page-reader.ts'

serveReadingRoom(({ html, pageUrl, limits }: PageText) => mediaOnPage(html, pageUrl, limits))
