import { isoTime } from '../../core/index.ts'
import {
  type Context,
  idsBelow,
  keySpace,
  type Row,
  table,
  take,
  type Transaction,
} from '../../store/index.ts'
import type { ExportKind, ExportLine, NoticeExportView } from './export-types.ts'

type ExportClear = Omit<NoticeExportView, 'id'>

interface ExportSealed {
  readonly content: readonly ExportLine[]
}

export type ExportRow = Row<ExportClear, ExportSealed>

const exportTable = table<ExportClear, ExportSealed>(keySpace('export')).with({
  by: {
    unwritten: {
      keys: keySpace('export-unwritten'),
      at: ({ clear }) => clear.writtenAt === null && [],
    },
    /** Documents by the cases that they tell of. */
    case: {
      keys: keySpace('export-case'),
      atEach: ({ sealed }) => sealed.content.map(({ caseId }) => [caseId]),
    },
  },
})

const NAMED = keySpace('export-name')
/** Names of files that tell of something that was erased since. */
const STALE = keySpace('export-stale')

/** The documents, kept as they were made, so that a lost file can be had again. */
export function createExportStore({ sealer, clock, newId }: Context) {
  const exports = exportTable(sealer)

  return {
    async add(
      tx: Transaction,
      by: string,
      made: { readonly kind: ExportKind; readonly country: string | null; readonly day: string },
      content: readonly ExportLine[],
    ): Promise<ExportRow> {
      const id = newId()
      const name = await newName(tx, [made.kind, made.country, made.day].filter(Boolean).join('-'))
      const clear = {
        ...made,
        name,
        lines: content.length,
        madeBy: by,
        madeAt: isoTime(clock.now()),
        writtenAt: null,
      }
      const row = { id, clear, sealed: { content } }
      exports.add(tx, row)
      return row
    },

    written(tx: Transaction, row: ExportRow): void {
      const clear = { ...row.clear, writtenAt: isoTime(clock.now()) }
      exports.change(tx, row, { ...row, clear })
    },

    unwritten: (tx: Transaction, limit: number): Promise<ExportRow[]> =>
      take(exports.by.unwritten.rows(tx, [], { limit })),

    /**
     * Documents tell of the case no more; one that told of nothing else is gone. Files of any of them
     * are stale: what else they told can be had again.
     */
    async eraseCase(tx: Transaction, caseId: string): Promise<void> {
      for await (const row of exports.by.case.rows(tx, [caseId])) {
        const content = row.sealed.content.filter((line) => line.caseId !== caseId)
        const clear = { ...row.clear, lines: content.length }
        tx.put(STALE(row.clear.name), new Uint8Array())
        if (content.length === 0) exports.remove(tx, row)
        else exports.change(tx, row, { id: row.id, clear, sealed: { content } })
      }
    },

    staleFiles: (tx: Transaction, limit: number): Promise<readonly string[]> =>
      take(idsBelow(tx, STALE(), { limit })),

    fileRemoved(tx: Transaction, name: string): void {
      tx.delete(STALE(name))
    },

    get: exports.get.bind(exports),
    /** Throws NOT_FOUND. */
    need: exports.need.bind(exports),

    list: async (
      tx: Transaction,
      { after, limit = 100 }: { after?: string; limit?: number },
    ): Promise<NoticeExportView[]> => (await exports.page(tx, { after, limit })).map(toView),
  }

  /** A second document of the same day gets a number. */
  async function newName(tx: Transaction, base: string): Promise<string> {
    let count = 1
    for await (const { key } of tx.range({ prefix: NAMED(base) })) count = Number(key[2]) + 1
    tx.put(NAMED(base, count), new Uint8Array())
    return count === 1 ? base : `${base}-${count}`
  }
}

export function toView({ id, clear }: ExportRow): NoticeExportView {
  return { id, ...clear }
}
