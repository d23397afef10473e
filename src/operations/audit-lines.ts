import type { Checkpoint } from '../audit/index.ts'
import type { Calls } from './calls.ts'

const PAGE_ROWS = 1_000

/**
 * The lines of an export that can be verified without the store: the head of the chain first, then the entries up to it,
 * page by page. Those that the export itself makes are not in it.
 */
export async function* auditLines(
  audit: Pick<Calls['audit'], 'export'>,
  head: Checkpoint,
): AsyncGenerator<readonly string[]> {
  yield [`${JSON.stringify(head)}\n`]
  let written = 0
  for (let after: string | undefined; written < head.count; ) {
    const page = await audit.export({ limit: PAGE_ROWS, after })
    const part = page.slice(0, head.count - written)
    if (part.length === 0) return
    yield part.map((entry) => `${JSON.stringify(entry)}\n`)
    written += part.length
    after = part.at(-1)?.cursor
  }
}
