import type { Takedown } from '../takedown/index.ts'
import { guarded } from './guard.ts'
import type { ExportsApi } from './types.ts'

/** The calls about exports: who may make them, and what does the work. */
export function exportCalls({ exports }: Takedown): ExportsApi {
  return {
    takeExports: guarded('export:take', (by, wanted) => exports.take(by.id, wanted)),
    exports: guarded('notice:read', (_by, page) => exports.list(page)),
    readExport: guarded('export:take', (by, id, format) => exports.read(by.id, id, format)),
  }
}
