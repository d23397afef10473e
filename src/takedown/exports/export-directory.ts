import { HindraError } from '../../errors.ts'
import type { Context } from '../../store/index.ts'
import type { Errands } from '../errands/errands.ts'
import { lookInto, markOf, removeExport } from './export-file.ts'
import type { createExportStore } from './export-store.ts'

const PAGE = 100

/**
 * What becomes of files that were written into a directory: each says of those alone that were written there, which its
 * mark tells, and resolves to the names of others.
 */
export function createExportDirectory(
  { store }: Pick<Context, 'store'>,
  documents: Pick<ReturnType<typeof createExportStore>, 'get' | 'staleFiles' | 'fileRemoved'>,
  errands: Pick<Errands, 'close' | 'openOf'>,
) {
  return (directory: string) => ({
    closeCarried: () => closeCarried(directory),
    removeStale: () => removeStale(directory),
  })

  /** A file that is not there any more was carried, or told of what was erased: nobody need carry it. */
  async function closeCarried(directory: string): Promise<readonly string[]> {
    const open = await errands.openOf('export')
    const isThere = open.length === 0 ? undefined : await lookInto(directory)
    // A directory that is away, as a medium may be, says nothing of what was in it.
    if (isThere === undefined) return []
    const mark = await markOf(directory)
    const elsewhere: string[] = []
    for (const { about } of open) {
      const row = await store.transact((tx) => documents.get(tx, about))
      if (row !== undefined && isThere(row.clear.name)) continue
      if (row !== undefined && !isWrittenInto(mark, row.clear.writtenInto)) {
        elsewhere.push(row.clear.name)
        continue
      }
      await store.transact((tx) => {
        errands.close(tx, 'export', about)
        return Promise.resolve()
      })
    }
    return elsewhere
  }

  /** Files that tell of what was erased go. Throws EXPORT_FAILED. */
  async function removeStale(directory: string): Promise<readonly string[]> {
    const mark = await markOf(directory)
    const elsewhere: string[] = []
    for (let after: string | undefined; ; ) {
      const files = await store.transact((tx) => documents.staleFiles(tx, { after, limit: PAGE }))
      for (const file of files) {
        if (!isWrittenInto(mark, file.writtenInto)) {
          elsewhere.push(file.name)
          continue
        }
        await removeExport(directory, file.name)
        await store.transact((tx) => {
          documents.fileRemoved(tx, file.name)
          return Promise.resolve()
        })
      }
      if (files.length < PAGE) return elsewhere
      after = files.at(-1)?.name
    }
  }
}

/** Of a file that a version wrote which made no marks it is believed that it was here, as that version did. */
function isWrittenInto(mark: string | undefined, writtenInto: string | undefined): boolean {
  return writtenInto === undefined || writtenInto === mark
}

export function writtenElsewhere(directory: string, names: readonly string[]): HindraError {
  const [first = '', ...others] = names
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return new HindraError('EXPORT_ELSEWHERE', `${first}${more} were not written into ${directory}`)
}
