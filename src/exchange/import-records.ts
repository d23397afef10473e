import { defined, shortened, withoutDigests } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { Collection, type Context, keySpace, type Row, type Transaction } from '../store/index.ts'
import type { Frontier } from './merkle.ts'
import { NOTHING } from './report.ts'
import type { ImportQuery, ImportStart, ImportView } from './import-view.ts'

type ImportClear = Omit<ImportView, 'id' | 'refusals' | 'found' | 'fault'>

interface ImportSealed extends Pick<ImportView, 'refusals' | 'found'> {
  readonly digest: string
  readonly frontier: Frontier
  /** Absent where it did not fail. */
  readonly fault?: string
}

export type ImportRow = Row<ImportClear, ImportSealed>

export type ImportRecords = ReturnType<typeof createImportRecords>

/** What became of an import that takes nothing more. */
const ENDED = {
  done: 'is done',
  superseded: 'gave way to a newer file of its list',
  failed: 'has failed',
} as const satisfies Partial<Record<ImportView['state'], string>>

/** Imports as they are kept. */
export function createImportRecords({ sealer }: Pick<Context, 'sealer'>) {
  const imports = new Collection<ImportClear, ImportSealed>(keySpace('import'), sealer)

  return {
    add(tx: Transaction, id: string, by: string, at: string, start: ImportStart): ImportRow {
      const { list, format, dryRun, digest, complete = false } = start
      const clear: ImportClear = {
        list,
        format,
        dryRun,
        complete,
        state: 'running',
        by,
        position: 0,
        ...NOTHING,
        findings: {},
        startedAt: at,
        finishedAt: null,
        merkleRoot: null,
        withdrawal: null,
      }
      const sealed = { digest, frontier: [], refusals: [], found: [] }
      imports.put(tx, id, clear, sealed)
      return { id, clear, sealed }
    },

    change(
      tx: Transaction,
      { id, ...row }: ImportRow,
      changes: { readonly clear?: Partial<ImportClear>; readonly sealed?: Partial<ImportSealed> },
    ): ImportRow {
      const clear = { ...row.clear, ...changes.clear }
      const sealed = { ...row.sealed, ...changes.sealed }
      imports.put(tx, id, clear, sealed)
      return { id, clear, sealed }
    },

    /** Throws NOT_FOUND. */
    need: (tx: Transaction, id: string): Promise<ImportRow> => imports.need(tx, id),

    /** Throws NOT_FOUND, CONFLICT. */
    async running(tx: Transaction, id: string): Promise<ImportRow> {
      const row = await imports.need(tx, id)
      if (row.clear.state === 'running') return row
      throw new HindraError('CONFLICT', `the import ${ENDED[row.clear.state]}`)
    },

    /** Ids of those that began before a time, oldest first. */
    before: (tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]> =>
      imports.idsWhile(tx, limit, ({ clear }) => clear.startedAt < beforeIso),

    erase(tx: Transaction, id: string): void {
      imports.delete(tx, id)
    },

    /** Imports, the newest first. */
    async recent(tx: Transaction, { list, limit, after }: ImportQuery): Promise<ImportRow[]> {
      const found: ImportRow[] = []
      for await (const { id, clear } of imports.clearRows(tx, { reverse: true, after })) {
        if (list !== undefined && clear.list !== list) continue
        found.push(await imports.need(tx, id))
        if (found.length >= limit) break
      }
      return found
    },
  }
}

/** A list without names of its own calls an entry by the kind of a hash, and the hash. */
const BY_HASH = /^([\w-]+:)(.+)$/s

/** People are told of an import by this: no more than the beginnings of hashes, of which a hundred refusals would list as many. */
export function viewOf({ id, clear, sealed }: ImportRow): ImportView {
  const { found, fault = null } = sealed
  const refusals = sealed.refusals.map(({ line, key, ...why }) => ({
    line,
    ...defined({ key: key === undefined ? undefined : tellableKey(key) }),
    ...why,
  }))
  return { id, ...clear, refusals, found, fault }
}

function tellableKey(key: string): string {
  const [, kind, value] = BY_HASH.exec(key) ?? []
  return kind === undefined || value === undefined
    ? withoutDigests(key)
    : `${withoutDigests(kind)}${shortened(value)}`
}
