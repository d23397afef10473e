import { HindraError } from '../errors.ts'
import { type Database, readValue, STATE_KEY } from './layout.ts'
import { VERSIONSTAMP_ZERO, type Versionstamp } from './port.ts'

const FORMAT = 1

/** What the store knows of itself; written in every batch, so that it is never out of step. */
export interface StoreState {
  readonly version: Versionstamp
  /** Commits that the change log holds. */
  readonly changes: number
  /** The newest commit that the change log no longer holds. */
  readonly truncated: Versionstamp
}

/** Throws STORE_CORRUPT when another version of Hindra wrote it, or nothing readable is there. */
export async function readState(db: Database): Promise<StoreState> {
  const bytes = await readValue(db, STATE_KEY)
  if (bytes !== undefined) return decodeState(bytes)
  return { version: VERSIONSTAMP_ZERO, changes: 0, truncated: VERSIONSTAMP_ZERO }
}

/** Throws STORE_CORRUPT. */
export function decodeState(bytes: Buffer): StoreState {
  const { format, ...state } = parsed(bytes)
  if (format !== FORMAT) {
    throw new HindraError(
      'STORE_CORRUPT',
      `the store has format ${String(format)}, this is ${FORMAT}`,
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
  return Buffer.from(JSON.stringify({ format: FORMAT, ...state }))
}
