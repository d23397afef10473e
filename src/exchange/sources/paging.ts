import { HOUR_MS } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { RefusedPage } from './source-call.ts'
import type { SourceCursor, PageCursor, SourcePage } from './source.ts'

/** Exchanges forget the place in a range after about 12 hours. */
const TOKEN_HOURS = 11
/** What an exchange says of a token that it does not know any more. */
const EXPIRED = new Set([400, 404, 410, 422])

/**
 * The page behind a checkpoint; the first one of the same range where the exchange has forgotten, or
 * will have, what its token stood for: whatever is read twice changes nothing.
 */
export async function pageFrom(
  from: SourceCursor,
  nowMs: number,
  read: (page: PageCursor | null) => Promise<SourcePage>,
): Promise<SourcePage> {
  const { page } = from
  if (page === null) return read(null)
  if (nowMs - Date.parse(page.givenAt) > TOKEN_HOURS * HOUR_MS) return read(null)
  try {
    return await read(page)
  } catch (error) {
    if (error instanceof RefusedPage && EXPIRED.has(error.answered)) return read(null)
    throw error
  }
}

/** Throws SOURCE_MALFORMED where the exchange sends in a circle. */
export function checkMovesOn(before: PageCursor | null, token: string): void {
  if (before?.token !== token) return
  throw new HindraError('SOURCE_MALFORMED', 'a page of the exchange names itself as the next')
}
