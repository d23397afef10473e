import type { Config } from '../config.ts'
import { HOUR_MS } from '../core/index.ts'
import { type Context, Expiring, keySpace, type Transaction } from '../store/index.ts'
import { busy } from './callers.ts'

/** What came in one hour, from all together and to all processes of the house. */
interface TiplineTotal {
  readonly tips: number
  readonly messages: number
  readonly 'wrong-receipts': number
  /** Challenges that were met, and those of them that were met by waiting. */
  readonly met: number
  readonly waited: number
}

type Limited = 'tips' | 'messages' | 'wrong-receipts'

const NOTHING: TiplineTotal = { tips: 0, messages: 0, 'wrong-receipts': 0, met: 0, waited: 0 }
/** The work that a challenge takes depends on the hour before, too. */
const KEPT_HOURS = 2

/** Numbers by the hour of the clock, and of nobody: what one caller did stands nowhere. */
export interface TiplineTotals {
  /** @param ago Hours before the present one */
  read(tx: Transaction, ago?: number): Promise<TiplineTotal>
  count(tx: Transaction, ...what: readonly (keyof TiplineTotal)[]): Promise<void>
  /** Whether the hour is used up. */
  isOver(tx: Transaction, act: Limited): Promise<boolean>
  /** Counts it. Throws TIPLINE_BUSY where the hour is used up. */
  admit(tx: Transaction, act: Limited): Promise<void>
}

export function createTiplineTotals(
  context: Context,
  settings: Pick<Config['tipline'], 'tipsPerHour' | 'messagesPerHour' | 'wrongReceiptsPerHour'>,
): TiplineTotals {
  const { clock } = context
  const hours = new Expiring<TiplineTotal>(keySpace('tipline-hour'), context)
  const limits: Readonly<Record<Limited, number>> = {
    tips: settings.tipsPerHour,
    messages: settings.messagesPerHour,
    'wrong-receipts': settings.wrongReceiptsPerHour,
  }
  const hour = () => Math.floor(clock.now() / HOUR_MS)

  async function read(tx: Transaction, ago = 0): Promise<TiplineTotal> {
    return (await hours.get(tx, String(hour() - ago))) ?? NOTHING
  }

  async function count(tx: Transaction, ...what: readonly (keyof TiplineTotal)[]): Promise<void> {
    const before = await read(tx)
    const more = Object.fromEntries(what.map((one) => [one, before[one] + 1]))
    hours.put(tx, String(hour()), { ...before, ...more }, (hour() + KEPT_HOURS) * HOUR_MS)
  }

  async function isOver(tx: Transaction, act: Limited): Promise<boolean> {
    return (await read(tx))[act] >= limits[act]
  }

  return {
    read,
    count,
    isOver,
    async admit(tx, act) {
      if (await isOver(tx, act)) throw busy(clock)
      await count(tx, act)
    },
  }
}
