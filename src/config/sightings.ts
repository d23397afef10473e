import { z } from 'zod'

export const sightingsSettings = {
  answersKeptHours: z
    .number()
    .min(0)
    .max(720)
    .default(72)
    .describe('A hit that is sent again within this gets the answer that it got'),
  repeatMinutes: z
    .number()
    .min(0)
    .max(1_440)
    .default(10)
    .describe('The same, without fetchedAt and idempotencyKey: later it is a new look'),
  pendingMax: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .describe('Hits by hashes alone that may wait until Hindra has looked; then 503'),
  pendingAtOnce: z.int().min(1).max(256).default(4).describe('Of those, looked at at once'),
  attemptsMax: z.int().min(1).max(100).default(5).describe('Looks before it is a review'),
  retrySeconds: z.number().min(0.01).max(3_600).default(15).describe('First wait; then fourfold'),
  retryMinutesMax: z.number().min(0.001).max(1_440).default(60).describe('Longest wait'),
  unmatchedMax: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(0)
    .describe(
      'Fingerprints of what matched nothing, kept sealed so that it is compared with what is verified later; 0 keeps none',
    ),
  unmatchedDays: z.int().min(1).max(365).default(14).describe('How long, where they are kept'),
}
