const HOUR_MINUTES = 60

/** Minutes of the epoch, both within: from the first act of a person to the last one, with no break between. */
export type Stretch = readonly [from: number, to: number]

/**
 * The stretches with one more act. What is over since the day began is left out, but for the last: it may go on over
 * midnight.
 *
 * @param breakMinutes What lies so far apart has a break between it
 * @param dayMinute The first minute of the day
 */
export function withAct(
  stretches: readonly Stretch[],
  minute: number,
  { breakMinutes, dayMinute }: { readonly breakMinutes: number; readonly dayMinute: number },
): readonly Stretch[] {
  const last = stretches.at(-1)
  const goesOn = last !== undefined && minute - last[1] < Math.max(1, breakMinutes)
  const acted: readonly Stretch[] = goesOn
    ? [...stretches.slice(0, -1), [last[0], Math.max(last[1], minute)]]
    : [...stretches, [minute, minute]]
  return acted.filter(([, to], index) => to >= dayMinute || index === acted.length - 1)
}

/** How many minutes of them are of the day. */
export function minutesSince(stretches: readonly Stretch[], dayMinute: number): number {
  return stretches
    .filter(([, to]) => to >= dayMinute)
    .reduce((sum, [from, to]) => sum + to - Math.max(from, dayMinute) + 1, 0)
}

/** The minute at which a break that is due now has been taken; undefined where none is due. */
export function breakUntil(
  stretches: readonly Stretch[],
  minute: number,
  breakMinutes: number,
): number | undefined {
  const last = stretches.at(-1)
  if (last === undefined || breakMinutes === 0) return undefined
  const [from, to] = last
  const isResting = minute - to >= breakMinutes
  if (isResting || minute - from < HOUR_MINUTES - breakMinutes) return undefined
  return to + breakMinutes
}
