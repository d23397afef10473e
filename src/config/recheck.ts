import { z } from 'zod'

/** How far apart looks lie, and so long, counted from the opening or the removal. */
const interval = z
  .strictObject({
    days: z.number().min(0.1).max(3_650),
    fromHours: z.number().min(0.1).max(2_160),
    toHours: z.number().min(0.1).max(2_160),
  })
  .refine(({ fromHours, toHours }) => fromHours <= toHours, { error: 'fromHours is over toHours' })

const intervals = z
  .array(interval)
  .min(1)
  .refine((steps) => steps.every(({ days }, step) => days > (steps[step - 1]?.days ?? 0)), {
    error: 'each step has more days than the one before',
  })

export const recheckSettings = {
  intervals: intervals
    .default([
      { days: 3, fromHours: 1, toHours: 4 },
      { days: 14, fromHours: 6, toHours: 12 },
      { days: 60, fromHours: 20, toHours: 28 },
    ])
    .describe('Hours between looks at an open case in its first days, then; the last step goes on'),
  watchIntervals: intervals
    .default([
      { days: 14, fromHours: 12, toHours: 24 },
      { days: 90, fromHours: 48, toHours: 96 },
    ])
    .describe('The same after removal'),
  watchDays: z.number().min(0).max(3_650).default(90).describe('Looks again after removal'),
  missesNeeded: z.int().min(1).max(10).default(3).describe('Misses in a row that mean removed'),
  missGapHours: z.number().min(0).max(168).default(2).describe('Least time between such misses'),
  tellHours: z
    .number()
    .min(0)
    .max(24)
    .default(12)
    .describe(
      'After looks have been unable to tell for so long, a person is told (alert unverified)',
    ),
  tellAgainHours: z
    .number()
    .min(1)
    .max(168)
    .default(24)
    .describe('Told again after this, then after twice as long each time, a week at most'),
  vantages: z
    .array(z.string().min(1))
    .optional()
    .describe('Names of fetch.vantages that look too, before something is gone; by default all'),
  canaryUrl: z
    .url()
    .optional()
    .describe('A page of ours: proves that a line works, the own one and that of each vantage'),
}
