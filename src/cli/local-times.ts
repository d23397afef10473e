import type { Client } from '../client/index.ts'
import { localTime } from '../core/index.ts'

/** Times as the clock on the wall shows them, and a line that says once which clock that is. */
export interface LocalDial {
  readonly local: (time: string) => string
  readonly note: string
}

/** By the clock of the house, which its server tells with every answer: to be asked for behind the first. */
export function localTimes({ transport }: Client): LocalDial {
  const timeZone = transport.timeZone()
  return {
    local: (time) => localTime(Date.parse(time), timeZone).slice(0, 'YYYY-MM-DD HH:MM'.length),
    note: `times of ${timeZone}`,
  }
}
