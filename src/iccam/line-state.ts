import { Collection, type Context, keySpace, type Transaction } from '../store/index.ts'

/** How far reading has come, and how well the line goes. */
export interface LineState {
  /** The time of the newest content that was shown; null before the first. */
  readonly cursor: string | null
  /** The night (UTC day) that was looked back at last. */
  readonly night: string | null
  readonly askedAt: string | null
  readonly nextAt: string | null
  readonly failures: number
  readonly failingSince: string | null
  /** Why it does not go well; null where it does. */
  readonly why: string | null
}

const NEW: LineState = {
  cursor: null,
  night: null,
  askedAt: null,
  nextAt: null,
  failures: 0,
  failingSince: null,
  why: null,
}
const ID = 'line'

export function createLineState({ sealer }: Pick<Context, 'sealer'>) {
  const records = new Collection<Omit<LineState, 'why'>, Pick<LineState, 'why'>>(
    keySpace('iccam-line'),
    sealer,
  )
  return {
    async get(tx: Transaction): Promise<LineState> {
      const row = await records.get(tx, ID)
      return row === undefined ? NEW : { ...row.clear, ...row.sealed }
    },
    put(tx: Transaction, { why, ...clear }: LineState): void {
      records.put(tx, ID, clear, { why })
    },
  }
}
