import { z } from 'zod'
import { secret } from './fields.ts'

export const storeSettings = {
  url: secret()
    .optional()
    .describe(
      'The PostgreSQL database that holds the store, postgres://host/database?schema=name&passwordFile=path; by default it lies in the data directory',
    ),
  freeMibMin: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(64)
    .describe('What the store leaves free of its disk: below it writes are refused (DISK_FULL)'),
}
