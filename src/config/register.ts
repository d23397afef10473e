import { z } from 'zod'

export const registerSettings = {
  vocabularyFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      'JSON of the terms that entries are described with; else those that come with Hindra',
    ),
  sidePixelsMin: z
    .int()
    .min(1)
    .max(10_000)
    .default(64)
    .describe('A smaller picture is verified only by who looked at that'),
  qualityMin: z
    .int()
    .min(0)
    .max(100)
    .default(50)
    .describe('PDQ quality below which an entry is verified only by who looked at that'),
  floodCasesPerHour: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(100)
    .describe(
      'More new cases of one item in an hour may be a flood: then a person decides; 0 never',
    ),
  floodFactor: z
    .number()
    .min(1)
    .max(10_000)
    .default(10)
    .describe('How many times its own rate of the last 30 days it must exceed, too'),
  retractionFourEyes: z
    .boolean()
    .default(false)
    .describe('Two persons retract what was verified: until the second one has, it is disputed'),
  uniformQualityMax: z
    .int()
    .min(0)
    .max(100)
    .default(10)
    .describe('Up to this PDQ quality next to nothing is to be seen'),
}
