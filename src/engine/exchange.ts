import type { Principal } from '../access/index.ts'
import {
  type Delta,
  type Exported,
  type Exports,
  type ExportView,
  type ImportStart,
  type Imports,
  type ImportView,
} from '../exchange/index.ts'
import type { KnownSet } from '../register/index.ts'
import { guarded } from './guard.ts'
import type { Page } from './types.ts'

/** How lists come in and go out. See the stage `exchange` for what each throws. */
export interface ExchangeApi {
  beginImport(by: Principal, start: ImportStart): Promise<ImportView>
  /** Lines from a position on; what was done before is not done again. */
  importLines(by: Principal, id: string, from: number, lines: readonly Delta[]): Promise<ImportView>
  finishImport(by: Principal, id: string): Promise<ImportView>
  imports(by: Principal, limit: number): Promise<readonly ImportView[]>
  findImport(by: Principal, id: string): Promise<ImportView>
  beginExport(by: Principal, list: string, reason: string): Promise<ExportView>
  exportPage(
    by: Principal,
    id: string,
    page: Page,
  ): Promise<readonly (Exported & { readonly entryId: string })[]>
}

const PAGE_ROWS = 1_000

export function exchangeCalls(parts: {
  readonly imports: Imports
  readonly exports: Exports
  readonly known: Pick<KnownSet, 'catchUp'>
  /** What a lost entry does to the cases of its item. */
  readonly carryRetraction: (by: Principal, itemId: string) => Promise<void>
}): ExchangeApi {
  const { imports, exports, known, carryRetraction } = parts
  return {
    beginImport: guarded('import', (by, start) => imports.begin(by, start)),
    importLines: guarded('import', async (by, id, from, lines) => {
      const { retracted, ...view } = await imports.lines(by, id, from, lines)
      for (const itemId of retracted) await carryRetraction(by, itemId)
      return view
    }),
    finishImport: guarded('import', async (by, id) => {
      const view = await imports.finish(by, id)
      await known.catchUp()
      return view
    }),
    imports: guarded('import', (_by, limit) => imports.recent(limit)),
    findImport: guarded('import', (_by, id) => imports.get(id)),
    beginExport: guarded('export', (by, list, reason) => exports.begin(by, list, reason)),
    exportPage: guarded('export', (by, id, { after, limit = PAGE_ROWS }) =>
      exports.page(by, id, { ...(after === undefined ? {} : { after }), limit }),
    ),
  }
}
