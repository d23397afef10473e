import type { ClientHash } from '../intake/index.ts'
import type { EntryPlace } from '../register/index.ts'
import { keySpace, type Row, table } from '../store/index.ts'
import type { Language } from '../takedown/index.ts'
import type { OwnRequestState } from './terms.ts'

/** One message; plain text of whoever wrote it. */
export interface TiplineMessage {
  /** UTC ISO 8601. */
  readonly at: string
  readonly from: 'sender' | 'house'
  readonly text: string
}

/** Who of the house wrote it is for the house alone. */
export interface ThreadMessage extends TiplineMessage {
  readonly by?: string
}

export interface ThreadClear {
  readonly receivedAt: string
  readonly language: Language
  /** When the sender showed that the receipt was kept; null until then. */
  readonly keptAt: string | null
  /** All that the sender told, oldest first. */
  readonly tipIds: readonly string[]
  /** What became of a child's request; null where it is none. */
  readonly own: OwnRequestState | null
  /** Until when what was accepted is looked for. */
  readonly ownUntil: string | null
}

export interface ThreadSealed {
  /** The slow hash of the receipt, in hex. */
  readonly receipt: string
  readonly messages: readonly ThreadMessage[]
  /** The hashes of each picture, while the request waits or is accepted. */
  readonly pictures: readonly (readonly ClientHash[])[]
  /** What was entered into the list of own requests. */
  readonly entries: readonly EntryPlace[]
}

export type ThreadRow = Row<ThreadClear, ThreadSealed>

/** What one receipt opens. */
export const threadTable = table<ThreadClear, ThreadSealed>(keySpace('tipline')).with({
  by: {
    receipt: {
      unique: true,
      keys: keySpace('tipline-receipt'),
      at: ({ sealed }, sealer) => [sealer.digest('tipline-receipt', sealed.receipt)],
    },
    tip: {
      unique: true,
      keys: keySpace('tipline-tip'),
      atEach: ({ clear }) => clear.tipIds.map((id) => [id]),
    },
    own: {
      keys: keySpace('tipline-own'),
      at: ({ clear }) => clear.own !== null && [clear.own],
    },
    until: {
      keys: keySpace('tipline-until'),
      at: ({ clear }) => clear.ownUntil !== null && [clear.ownUntil],
    },
  },
  counts: {
    /** Requests of children, by day (UTC). */
    ownOn: {
      keys: keySpace('tipline-own-on'),
      at: ({ clear }) => clear.own !== null && [dayOf(clear.receivedAt)],
    },
  },
})

export type ThreadTable = ReturnType<typeof threadTable>

export function dayOf(at: string): string {
  return at.slice(0, 'YYYY-MM-DD'.length)
}
