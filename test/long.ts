/**
 * The usual run of the tests plays some of each long sweep (kills, seeds, orders of what people do), so that it takes
 * minutes. `npm run test:long` plays all of them, or those of the files that it is given.
 */
export const IS_LONG = process.env['HINDRA_TEST_LONG'] === '1'

/** How much of a sweep is played now. */
export function usually<Sweep>(usual: Sweep, long: Sweep): Sweep {
  return IS_LONG ? long : usual
}
