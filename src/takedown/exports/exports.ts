import type { Audit } from '../../audit/index.ts'
import type { Case, Cases } from '../../cases/index.ts'
import type { Channel } from '../../channels/index.ts'
import type { Config } from '../../config.ts'
import { inOrder, isoTime, isPutOff } from '../../core/index.ts'
import { toHindraError } from '../../errors.ts'
import type { Context, Transaction } from '../../store/index.ts'
import type { Errands } from '../errands/errands.ts'
import type { NoticeRow, Outbox } from '../outbox.ts'
import { type createReaddress, LOOKED_AT_ONCE } from '../readdress.ts'
import type { createSettlement } from '../settlement.ts'
import { type StillKnown, standingCase } from '../standing.ts'
import { exportText } from './documents.ts'
import { createExportDirectory, writtenElsewhere } from './export-directory.ts'
import { markedDirectory, writeExport } from './export-file.ts'
import { exportLine, toldActions } from './export-line.ts'
import { createExportStore, type ExportRow, toView } from './export-store.ts'
import type {
  Assessed,
  ExportFormat,
  ExportKind,
  ExportLine,
  ExportText,
  IccamAction,
  NoticeExportView,
} from './export-types.ts'

const CHANNEL_OF: Record<ExportKind, Channel['kind']> = {
  iccam: 'iccam-export',
  interpol: 'interpol-export',
}
/** Notices in one document, which is one transaction. */
const LINES_MAX = 500
const PAGE = 100

export interface ExportReport {
  readonly made: number
  readonly written: number
  readonly problems: readonly string[]
}

export interface NoticeExports {
  /**
   * Makes documents of what is queued for hotlines or INTERPOL: each notice is told by exactly one.
   * INTERPOL gets a file a day here: a day that is not over waits, unless `today`.
   */
  take(
    by: string,
    wanted: { readonly kind: ExportKind; readonly country?: string; readonly today?: boolean },
  ): Promise<readonly NoticeExportView[]>
  /**
   * Takes and writes into `hotlineExports.directory`; does nothing where none is set. Each record for INTERPOL gets a
   * file of its own, unless `hotlineExports.interpol` is `daily`; each file waits for whoever carries it. Where a line to ICCAM is set up,
   * first notices to hotlines are left to it.
   */
  runDue(by: string): Promise<ExportReport>
  /** Exports in the order of their making; pass the last id as `after`. */
  list(page?: {
    readonly after?: string
    readonly limit?: number
  }): Promise<readonly NoticeExportView[]>
  /** Whoever reads it is written down. Throws NOT_FOUND, INVALID_INPUT. */
  read(by: string, id: string, format: ExportFormat): Promise<ExportText>
  /**
   * First notices to hotlines that may go now, by id, for a line to ICCAM: of each it was asked anew to whom it goes.
   * None while all is stopped.
   */
  reportable(by: string): Promise<readonly string[]>
  /**
   * Takes one of them for that line, or looks again at one that it took: what it says at this moment, undefined where
   * it does not stand. No file tells it any more.
   */
  claim(tx: Transaction, by: string, noticeId: string): Promise<ExportLine | undefined>
  /** Their hotline has it by that line. */
  claimTold(tx: Transaction, by: string, noticeId: string): Promise<void>
  /** That line does not take it: a file may. */
  unclaim(tx: Transaction, by: string, noticeId: string): Promise<void>
  /** Who was told of a case since it was opened, or opened again, in ICCAM's words. */
  actionsOf(tx: Transaction, entry: Case): Promise<readonly IccamAction[]>
  /** Erases a case for retention: no document tells of it any more. */
  eraseCase(tx: Transaction, caseId: string): Promise<void>
  /**
   * Removes files in `hotlineExports.directory` that tell of what was erased; `runDue` does so too. Throws
   * EXPORT_FAILED.
   */
  removeStale(): Promise<void>
}

export function createExports(
  context: Context,
  audit: Audit,
  parts: {
    readonly outbox: Outbox
    readonly cases: Cases
    readonly stillKnown: StillKnown
    readonly settlement: ReturnType<typeof createSettlement>
    readonly readdress: ReturnType<typeof createReaddress>
    readonly errands: Pick<Errands, 'open' | 'close' | 'openOf'>
    readonly stopped: () => Promise<boolean>
    readonly settings: Config['hotlineExports']
    readonly organisation: string
    /** Whether first notices to hotlines leave by a line to ICCAM. */
    readonly hasLine: boolean
    /** What the register and the house know of a case beside; absent: nothing. */
    readonly assessment?: (tx: Transaction, entry: Case) => Promise<Assessed>
  },
): NoticeExports {
  const { store, clock, newId } = context
  const { outbox, cases, stillKnown, settlement, readdress, errands, stopped, settings } = parts
  const documents = createExportStore(context)
  const filesIn = createExportDirectory(context, documents, errands)

  const exports: NoticeExports = {
    take: (by, wanted) => take(by, wanted),

    async runDue(by) {
      const { directory } = settings
      if (directory === undefined) return { made: 0, written: 0, problems: [] }
      let problems: readonly string[]
      try {
        const files = filesIn(directory)
        const elsewhere = [...(await files.removeStale()), ...(await files.closeCarried())]
        problems = elsewhere.length === 0 ? [] : [problemOf(writtenElsewhere(directory, elsewhere))]
      } catch (error) {
        return { made: 0, written: 0, problems: [problemOf(error)] }
      }
      if (await stopped()) return { made: 0, written: 0, problems }
      const made = [
        ...(await take(by, { kind: 'iccam' }, (row) => !parts.hasLine || !isForLine(row))),
        ...(await take(by, { kind: 'interpol' }, undefined, settings.interpol === 'at-once')),
      ]
      const { written, problems: unwritten } = await writeAll(by, directory)
      return { made: made.length, written, problems: [...problems, ...unwritten] }
    },

    list: (page = {}) => store.transact((tx) => documents.list(tx, page)),

    read: (by, id, format) =>
      store.transact(async (tx) => {
        const row = await documents.need(tx, id)
        const text = textOf(row, format)
        audit.append(tx, { by, action: 'export.read', subject: id, detail: { format } })
        return text
      }),

    async reportable(by) {
      if (await stopped()) return []
      const address = readdress(by)
      const ids: string[] = []
      const rows = (await queuedRows('iccam-export')).filter(isForLine)
      for await (const answer of inOrder(rows, LOOKED_AT_ONCE, ({ id }) => address(id))) {
        if (typeof answer === 'object') ids.push(answer.row.id)
      }
      return ids
    },

    async claim(tx, by, noticeId) {
      const row = await outbox.need(tx, noticeId)
      const { state } = row.clear
      if (state !== 'queued' && state !== 'sending') return undefined
      const line = await lineOf(tx, by, row, isoTime(clock.now()))
      if (line !== undefined && state === 'queued') outbox.change(tx, by, row, { state: 'sending' })
      return line
    },

    async claimTold(tx, by, noticeId) {
      const row = await outbox.get(tx, noticeId)
      if (row?.clear.state === 'sending') await settlement.told(tx, by, row)
    },

    async unclaim(tx, by, noticeId) {
      const row = await outbox.get(tx, noticeId)
      if (row?.clear.state === 'sending') outbox.change(tx, by, row, { state: 'queued' })
    },

    actionsOf: async (tx, entry) =>
      toldActions(entry, await outbox.list(tx, { caseId: entry.id, limit: Infinity })),

    eraseCase: (tx, caseId) => documents.eraseCase(tx, caseId),

    async removeStale() {
      if (settings.directory !== undefined) await filesIn(settings.directory).removeStale()
    },
  }
  return exports

  async function take(
    by: string,
    { kind, country, today = false }: Parameters<NoticeExports['take']>[1],
    isMeant: (row: NoticeRow) => boolean = () => true,
    isSingly = false,
  ): Promise<readonly NoticeExportView[]> {
    if (await stopped()) return []
    const address = readdress(by)
    const batches = new Map<string, NoticeRow[]>()
    const meant = (await queuedRows(CHANNEL_OF[kind])).filter(isMeant)
    for await (const answer of inOrder(meant, LOOKED_AT_ONCE, ({ id }) => address(id))) {
      if (typeof answer !== 'object') continue
      const { row } = answer
      const batch = isSingly ? row.id : batchOf(row, kind, country, today)
      if (batch !== undefined) batches.set(batch, [...(batches.get(batch) ?? []), row])
    }
    const made: NoticeExportView[] = []
    for (const rows of batches.values()) {
      for (let from = 0; from < rows.length; from += LINES_MAX) {
        const some = rows.slice(from, from + LINES_MAX)
        const view = await store.transact((tx) => make(tx, by, kind, some))
        if (view !== undefined) made.push(view)
      }
    }
    return made
  }

  async function queuedRows(channel: Channel['kind']): Promise<readonly NoticeRow[]> {
    const rows: NoticeRow[] = []
    const nowMs = clock.now()
    for await (const row of outbox.queued({ channel })) {
      if (!isPutOff(row.clear, nowMs)) rows.push(row)
    }
    return rows
  }

  /** What one notice says at this moment; undefined, and withdrawn, where it does not stand. */
  async function lineOf(
    tx: Transaction,
    by: string,
    row: NoticeRow,
    now: string,
  ): Promise<ExportLine | undefined> {
    const entry = await standingCase(tx, cases, stillKnown, row.clear)
    // No hotline and no police is told of what is no crime, whatever a policy says.
    if (entry === undefined || row.sealed.to.nature !== 'illegal') {
      outbox.change(tx, by, row, { state: 'withdrawn' })
      return undefined
    }
    const all = await outbox.list(tx, { caseId: entry.id, limit: Infinity })
    const host = await cases.hostOf(tx, entry.id)
    return exportLine(row, entry, host, all, now, await assessedOf(tx, entry))
  }

  async function assessedOf(tx: Transaction, entry: Case): Promise<Assessed> {
    const { ownRequest, inDangerNow } = entry.circumstances
    return {
      ...(ownRequest ? { ownRequest } : {}),
      ...(inDangerNow ? { inDangerNow } : {}),
      ...(await parts.assessment?.(tx, entry)),
    }
  }

  /** What goes into one document: a country's, or a day's. Undefined for what waits. */
  function batchOf(
    { clear, sealed }: NoticeRow,
    kind: ExportKind,
    country: string | undefined,
    today: boolean,
  ): string | undefined {
    const { channel } = sealed.to
    if (channel.kind === 'iccam-export') {
      return country === undefined || country === channel.country ? channel.country : undefined
    }
    const day = clear.queuedAt.slice(0, 10)
    const isOver = day < isoTime(clock.now()).slice(0, 10)
    return kind === 'interpol' && (isOver || today) ? day : undefined
  }

  /** What stands at this very moment, and nothing else; undefined where nothing does. */
  async function make(
    tx: Transaction,
    by: string,
    kind: ExportKind,
    notices: readonly NoticeRow[],
  ): Promise<NoticeExportView | undefined> {
    const now = isoTime(clock.now())
    const rows: NoticeRow[] = []
    const lines: ExportLine[] = []
    for (const { id } of notices) {
      const row = await outbox.need(tx, id)
      if (row.clear.state !== 'queued') continue
      const line = await lineOf(tx, by, row, now)
      if (line === undefined) continue
      rows.push(row)
      lines.push(line)
    }
    const [first] = rows
    if (first === undefined) return undefined
    const { channel } = first.sealed.to
    const country = channel.kind === 'iccam-export' ? channel.country : null
    const day = (kind === 'iccam' ? now : first.clear.queuedAt).slice(0, 10)
    const made = await documents.add(tx, by, { kind, country, day }, lines)
    for (const row of rows) await settlement.told(tx, by, row)
    const detail = { kind, country, lines: lines.length }
    audit.append(tx, { by, action: 'export.made', subject: made.id, detail })
    return toView(made)
  }

  async function writeAll(
    by: string,
    directory: string,
  ): Promise<{ written: number; problems: string[] }> {
    const problems: string[] = []
    let written = 0
    let mark: string | undefined
    for (;;) {
      const rows = await store.transact((tx) => documents.unwritten(tx, PAGE))
      for (const row of rows) {
        let into: string
        try {
          into = mark ??= await markedDirectory(directory, newId)
          for (const format of formatsOf(row)) {
            const { fileName, text } = textOf(row, format)
            // Whoever carries files may have taken this one since another process wrote it.
            await store.sure()
            await writeExport(directory, fileName, text)
          }
        } catch (error) {
          // The next file would fare no better; the next run tries again.
          problems.push(`export ${row.id}: ${problemOf(error)}`)
          return { written, problems }
        }
        await store.transact(async (tx) => {
          documents.written(tx, row, into)
          audit.append(tx, { by, action: 'export.written', subject: row.id })
          if (!settings.announced) return
          await errands.open(tx, by, { kind: 'export', about: row.id }, { kind: 'to-carry' })
        })
        written += 1
      }
      if (rows.length < PAGE) return { written, problems }
    }
  }

  /** SCARt's CSV has no column for what is taken back or gone: that is told by JSON as well. */
  function formatsOf({ clear, sealed }: ExportRow): readonly ExportFormat[] {
    const takesCsv = clear.country !== null && settings.scartCountries.includes(clear.country)
    if (!takesCsv) return ['json']
    const updates = sealed.content.some(({ withdrawn, removed }) => withdrawn || removed)
    return updates ? ['scart', 'json'] : ['scart']
  }

  function textOf(row: ExportRow, format: ExportFormat): ExportText {
    return exportText(toView(row), row.sealed.content, parts.organisation, format)
  }
}

/** What ICCAM takes by its line: a first notice. What is gone or taken back there only its own country may say. */
function isForLine({ clear }: NoticeRow): boolean {
  return clear.step === 'notice'
}

function problemOf(error: unknown): string {
  const { code, message } = toHindraError(error)
  return `${code}: ${message}`
}
