import type { Takedown } from '../takedown/index.ts'
import { guarded, type Readings } from './guard.ts'
import type { HotlineExportsApi, Page } from './types.ts'

/** The calls about exports: who may make them, and what does the work. */
export function hotlineExportCalls(readings: Readings, { exports }: Takedown): HotlineExportsApi {
  return {
    takeHotlineExports: guarded('hotline-export:take', (by, wanted) => exports.take(by.id, wanted)),
    hotlineExports: readings.page('notice:read', 'hotline-export.list', (_by, page: Page) =>
      exports.list(page),
    ),
    readHotlineExport: guarded('hotline-export:take', (by, id, format) =>
      exports.read(by.id, id, format),
    ),
  }
}
