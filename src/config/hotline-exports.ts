import { z } from 'zod'

export const hotlineExportSettings = {
  directory: z
    .string()
    .optional()
    .describe('Where files for hotlines and INTERPOL are written; without it people take them'),
  interpol: z
    .enum(['at-once', 'daily'])
    .default('at-once')
    .describe('A file for each record as soon as it may leave, or one for each day that is over'),
  announced: z
    .boolean()
    .default(true)
    .describe('Each file there waits for somebody who carries it; false where a machine does'),
  scartCountries: z
    .array(z.string().regex(/^[A-Z]{2}$/))
    .default([])
    .describe("Countries whose hotline gets SCARt's CSV rather than JSON"),
}
