import { isoTime } from '../../core/index.ts'
import {
  Collection,
  type Context,
  keySpace,
  type Row,
  type Transaction,
} from '../../store/index.ts'
import type { ExportKind, ExportLine, ExportView } from './export-types.ts'

type ExportClear = Omit<ExportView, 'id'>

interface ExportSealed {
  readonly content: readonly ExportLine[]
}

export type ExportRow = Row<ExportClear, ExportSealed>

const NAMED = 'export-name'
const UNWRITTEN = 'export-unwritten'
/** Documents by the cases that they tell of. */
const OF_CASE = 'export-case'
/** Names of files that tell of something that was erased since. */
const STALE = 'export-stale'

/** The documents, kept as they were made, so that a lost file can be had again. */
export function createExportStore({ sealer, clock, newId }: Context) {
  const exports = new Collection<ExportClear, ExportSealed>(keySpace('export'), sealer)

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
        ...{ name, lines: content.length },
        ...{ madeBy: by, madeAt: isoTime(clock.now()), writtenAt: null },
      }
      exports.put(tx, id, clear, { content })
      tx.put([UNWRITTEN, id], new Uint8Array())
      for (const { caseId } of content) tx.put([OF_CASE, caseId, id], new Uint8Array())
      return { id, clear, sealed: { content } }
    },

    written(tx: Transaction, { id, clear, sealed }: ExportRow): void {
      exports.put(tx, id, { ...clear, writtenAt: isoTime(clock.now()) }, sealed)
      tx.delete([UNWRITTEN, id])
    },

    async unwritten(tx: Transaction, limit: number): Promise<ExportRow[]> {
      const found: ExportRow[] = []
      for await (const { key } of tx.range({ prefix: [UNWRITTEN] }, { limit })) {
        found.push(await exports.need(tx, String(key[1])))
      }
      return found
    },

    /**
     * Documents tell of the case no more; one that told of nothing else is gone. Files of any of them
     * are stale: what else they told can be had again.
     */
    async eraseCase(tx: Transaction, caseId: string): Promise<void> {
      for await (const { key } of tx.range({ prefix: [OF_CASE, caseId] })) {
        const { id, clear, sealed } = await exports.need(tx, String(key[2]))
        const content = sealed.content.filter((line) => line.caseId !== caseId)
        tx.delete(key)
        tx.put([STALE, clear.name], new Uint8Array())
        if (content.length > 0)
          exports.put(tx, id, { ...clear, lines: content.length }, { content })
        else {
          exports.delete(tx, id)
          tx.delete([UNWRITTEN, id])
        }
      }
    },

    async staleFiles(tx: Transaction, limit: number): Promise<readonly string[]> {
      const names: string[] = []
      for await (const { key } of tx.range({ prefix: [STALE] }, { limit })) {
        names.push(String(key[1]))
      }
      return names
    },

    fileRemoved(tx: Transaction, name: string): void {
      tx.delete([STALE, name])
    },

    /** Throws NOT_FOUND. */
    need: exports.need.bind(exports),

    async list(tx: Transaction, { after, limit = 100 }: { after?: string; limit?: number }) {
      const found: ExportView[] = []
      const start = after === undefined ? {} : { after: ['export', after] }
      for await (const { key } of tx.range({ prefix: ['export'] }, { limit, ...start })) {
        found.push(toView(await exports.need(tx, String(key.at(-1)))))
      }
      return found
    },
  }

  /** A second document of the same day gets a number. */
  async function newName(tx: Transaction, base: string): Promise<string> {
    let count = 1
    for await (const { key } of tx.range({ prefix: [NAMED, base] })) count = Number(key[2]) + 1
    tx.put([NAMED, base, count], new Uint8Array())
    return count === 1 ? base : `${base}-${count}`
  }
}

export function toView({ id, clear }: ExportRow): ExportView {
  return { id, ...clear }
}
