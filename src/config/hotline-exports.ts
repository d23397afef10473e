import { z } from 'zod'

export const hotlineExportSettings = {
  directory: z
    .string()
    .optional()
    .describe('Where files for hotlines and INTERPOL are written; without it people take them'),
  scartCountries: z
    .array(z.string().regex(/^[A-Z]{2}$/))
    .default([])
    .describe("Countries whose hotline gets SCARt's CSV rather than JSON"),
}
