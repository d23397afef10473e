import { diskCodeOf, HindraError } from '../../errors.ts'

/** Of a file that others name and that is not there. */
const MISSING_FILE = 'No such file or directory'

/** What LevelDB or the system says, in the codes of Hindra; anything else as it is. */
export function asStoreError(error: unknown): unknown {
  if (error instanceof HindraError) return error
  const code = diskCodeOf(error)
  if (code !== undefined) {
    return new HindraError(code, (error as Error).message, { cause: error })
  }
  return levelCodeOf(error).startsWith('LEVEL_') ? toStoreError(error) : error
}

/** What the database says: only of damage that it has found is a backup of use. */
function toStoreError(error: unknown): HindraError {
  const code = levelCodeOf(error)
  const cause = { cause: error }
  if (code === 'LEVEL_CORRUPTION' || String(error).endsWith(MISSING_FILE)) {
    return new HindraError('STORE_CORRUPT', 'the files of the store are damaged', cause)
  }
  if (code.endsWith('_NOT_OPEN'))
    return new HindraError('STORE_CLOSED', 'the store is closed', cause)
  return new HindraError('STORE_FAILED', 'the disk of the store failed', cause)
}

/** `LEVEL_...` of an error of the database; empty for what has no code. */
export function levelCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
