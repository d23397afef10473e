import { z } from 'zod'

export const reportSettings = {
  smallBelow: z
    .int()
    .min(2)
    .max(100)
    .default(5)
    .describe('Numbers from 1 up to below this do not stand in reports that are published'),
  closeDays: z
    .int()
    .min(0)
    .max(3_650)
    .default(0)
    .describe('Days after its end at which a quarter or year is closed; 0 for by hand alone'),
}
