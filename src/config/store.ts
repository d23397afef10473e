import { z } from 'zod'

export const storeSettings = {
  freeMibMin: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(64)
    .describe('What the store leaves free of its disk: below it writes are refused (DISK_FULL)'),
}
