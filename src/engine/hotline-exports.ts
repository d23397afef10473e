import type { Takedown } from '../takedown/index.ts'
import { guarded } from './guard.ts'
import type { HotlineExportsApi } from './types.ts'

/** The calls about exports: who may make them, and what does the work. */
export function hotlineExportCalls({ exports }: Takedown): HotlineExportsApi {
  return {
    takeHotlineExports: guarded('hotline-export:take', (by, wanted) => exports.take(by.id, wanted)),
    hotlineExports: guarded('notice:read', (_by, page) => exports.list(page)),
    readHotlineExport: guarded('hotline-export:take', (by, id, format) =>
      exports.read(by.id, id, format),
    ),
  }
}
