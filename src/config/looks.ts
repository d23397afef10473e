import { z } from 'zod'

export const looksSettings = {
  enabled: z
    .boolean()
    .default(false)
    .describe('Whether a person may be shown a small grey still, when they ask for it'),
}
