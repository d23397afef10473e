import { type Context, dropBelow, type Key, keySpace, type Transaction } from '../../store/index.ts'
import type { ExchangeLine } from './source.ts'

const REMOVED_AT_ONCE = 1_000

/**
 * When each key of a source last changed, as it says itself. Exchanges send in no order and send again:
 * an older word changes nothing, and the same one is passed over, also where a person has retracted
 * the entry since. A removal counts as later than what else is of its second.
 */
export interface Versions {
  /** The news of a page, one line a key. */
  fresh(tx: Transaction, sourceId: string, lines: readonly ExchangeLine[]): Promise<ExchangeLine[]>
  /** Remembers what was applied. */
  keep(tx: Transaction, sourceId: string, lines: readonly ExchangeLine[]): void
  /** Forgets some of a source that is removed; true when none is left. */
  forget(tx: Transaction, sourceId: string): Promise<boolean>
}

interface Version {
  readonly changedAt: number
  /** A removal, or the digest of what it said. */
  readonly said: string
}

const VERSIONS = keySpace('source-version')
const REMOVAL = 'removal'

export function createVersions({ sealer }: Pick<Context, 'sealer'>): Versions {
  const keyOf = (sourceId: string, key: string): Key =>
    VERSIONS(sourceId, sealer.digest('source-version', key))
  /** The version of a line without its place, which differs from page to page. */
  const versionOf = ({ delta, changedAt }: ExchangeLine): Version => ({
    changedAt,
    said:
      delta.change === 'delete'
        ? REMOVAL
        : sealer.digest('source-line', JSON.stringify({ ...delta, line: 0 })),
  })

  return {
    async fresh(tx, sourceId, lines) {
      const newest = new Map<string, ExchangeLine>()
      for (const line of lines) {
        const rival = newest.get(line.key)
        if (rival === undefined || isNews(versionOf(line), versionOf(rival))) {
          newest.set(line.key, line)
        }
      }
      const news: ExchangeLine[] = []
      for (const [key, line] of newest) {
        const held = await tx.get(keyOf(sourceId, key))
        if (held === undefined || isNews(versionOf(line), parse(held))) news.push(line)
      }
      return news.sort((a, b) => a.delta.line - b.delta.line)
    },

    keep(tx, sourceId, lines) {
      for (const line of lines) {
        tx.put(keyOf(sourceId, line.key), Buffer.from(JSON.stringify(versionOf(line))))
      }
    },

    forget: (tx, sourceId) => dropBelow(tx, VERSIONS(sourceId), REMOVED_AT_ONCE),
  }
}

function isNews(version: Version, held: Version): boolean {
  if (version.changedAt !== held.changedAt) return version.changedAt > held.changedAt
  return held.said !== REMOVAL && version.said !== held.said
}

function parse(bytes: Uint8Array): Version {
  return JSON.parse(Buffer.from(bytes).toString()) as Version
}
