import { localTime } from '../core/index.ts'

/** Times as the clock on the wall shows them, and a line that says once which clock that is. */
export function localTimes(timeZone: string) {
  return {
    local: (time: string): string =>
      localTime(Date.parse(time), timeZone).slice(0, 'YYYY-MM-DD HH:MM'.length),
    note: `times of ${timeZone}`,
  }
}
