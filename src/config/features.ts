import { z } from 'zod'

export const featuresSettings = {
  store: z
    .boolean()
    .optional()
    .describe('Keep local features of own pictures; hindra init asks, there is no default'),
  profile: z
    .enum(['default', 'exhaustive'])
    .default('default')
    .describe(
      'exhaustive: also looks closer, and for negatives by features; over three times as slow',
    ),
  candidatesMax: z.int().min(1).max(1_000).default(20).describe('Items compared with a sighting'),
}
