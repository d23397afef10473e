import { localTime } from '../core/index.ts'
import type { Shell } from './shell.ts'

/** Times as the clock on the wall shows them, and a line that says once which clock that is. */
export interface LocalDial {
  readonly local: (time: string) => string
  readonly note: string
}

export async function localTimes(shell: Shell): Promise<LocalDial> {
  const timeZone = await shell.timeZone()
  return {
    local: (time) => localTime(Date.parse(time), timeZone).slice(0, 'YYYY-MM-DD HH:MM'.length),
    note: `times of ${timeZone}`,
  }
}
