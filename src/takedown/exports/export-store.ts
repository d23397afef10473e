import { isoTime } from '../../core/index.ts'
import {
  type Context,
  keySpace,
  pairsBelow,
  type Row,
  table,
  take,
  type Transaction,
} from '../../store/index.ts'
import type { ExportKind, ExportLine, NoticeExportView } from './export-types.ts'

interface ExportClear extends Omit<NoticeExportView, 'id'> {
  /** The mark of the directory that its file was written into; absent where a version wrote it that made no marks. */
  readonly writtenInto?: string
}

interface ExportSealed {
  readonly content: readonly ExportLine[]
}

/** A file that tells of what was erased. */
interface StaleFile extends Pick<ExportClear, 'name'> {
  readonly writtenInto: string | undefined
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
/** Names of files that tell of something that was erased since, with the mark of the directory, if that is known. */
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

    /** @param writtenInto The mark of the directory */
    written(tx: Transaction, row: ExportRow, writtenInto: string): void {
      const clear = { ...row.clear, writtenAt: isoTime(clock.now()), writtenInto }
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
        tx.put(STALE(row.clear.name), Buffer.from(row.clear.writtenInto ?? ''))
        if (content.length === 0) exports.remove(tx, row)
        else exports.change(tx, row, { id: row.id, clear, sealed: { content } })
      }
    },

    async staleFiles(
      tx: Transaction,
      page: { readonly after: string | undefined; readonly limit: number },
    ): Promise<readonly StaleFile[]> {
      const files = await take(pairsBelow(tx, STALE(), page))
      return files.map(({ id, value }) => {
        return { name: id, writtenInto: Buffer.from(value).toString() || undefined }
      })
    },

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
  const { kind, name, country, day, lines, madeBy, madeAt, writtenAt } = clear
  return { id, kind, name, country, day, lines, madeBy, madeAt, writtenAt }
}
