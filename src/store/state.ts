import { HindraError } from '../errors.ts'
import { STATE_KEY } from './layout.ts'
import { VERSIONSTAMP_ZERO, type Versionstamp } from './port.ts'
import type { Rows } from './rows.ts'

/** Before a store kept the versions of its records, since then, and where histories have parted. */
const FORMATS: readonly unknown[] = [1, 2, 3]

/** Where the log of versions begins and ends. */
export interface VersionsState {
  /** Number of the first entry that counts, and of the one that comes next. */
  readonly first: number
  readonly next: number
  /** HMAC of the entry before the first, and of the last one: 64 hex digits. */
  readonly before: string
  readonly last: string
}

/** Two histories that have the commits up to `after` in common; the later one goes on behind `at`. */
interface Parting {
  readonly after: Versionstamp
  readonly at: Versionstamp
}

/** What the store knows of itself; written in every batch, so that it is never out of step. */
export interface StoreState {
  readonly version: Versionstamp
  /** Commits that the change log holds. */
  readonly changes: number
  /** The newest commit that the change log no longer holds. */
  readonly truncated: Versionstamp
  /** Where the server last went on with another history, of which it has the same commits up to there. */
  readonly parted?: Parting
  /** Where the log of versions is; undefined where none was begun. */
  readonly versions?: VersionsState
  /** HMAC of all of this, where the versions are kept. */
  readonly proof?: string
}

/** Throws STORE_CORRUPT when another version of Hindra wrote it, or nothing readable is there. */
export async function readState(rows: Rows): Promise<StoreState> {
  return stateOf(await rows.get(STATE_KEY))
}

/** Whether the log tells all that came behind a version: it is not before the log, and of no history that was given up. */
export function tellsSince({ truncated, parted }: StoreState, version: Versionstamp): boolean {
  if (version < truncated) return false
  return parted === undefined || version <= parted.after || version >= parted.at
}

/** The same of what lies there; undefined in a store that was never written. Throws STORE_CORRUPT. */
export function stateOf(bytes: Buffer | undefined): StoreState {
  if (bytes !== undefined) return decodeState(bytes)
  return { version: VERSIONSTAMP_ZERO, changes: 0, truncated: VERSIONSTAMP_ZERO }
}

/** Throws STORE_CORRUPT. */
export function decodeState(bytes: Buffer): StoreState {
  const { format, ...state } = parsed(bytes)
  if (!FORMATS.includes(format)) {
    throw new HindraError(
      'STORE_CORRUPT',
      `the store has format ${String(format)}, this reads ${FORMATS.join(', ')}`,
    )
  }
  return state
}

function parsed(bytes: Buffer): StoreState & { readonly format: unknown } {
  try {
    return JSON.parse(bytes.toString()) as StoreState & { format: unknown }
  } catch (cause) {
    throw new HindraError('STORE_CORRUPT', 'what the store knows of itself is damaged', { cause })
  }
}

export function encodeState(state: StoreState): Buffer {
  // Who does not know of partings must not write on: what proves the state covers them.
  const plain = state.versions === undefined ? FORMATS[0] : FORMATS[1]
  const format = state.parted === undefined ? plain : FORMATS[2]
  return Buffer.from(JSON.stringify({ format, ...state }))
}
