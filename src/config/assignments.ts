import { z } from 'zod'

export const assignmentsSettings = {
  minutes: z
    .number()
    .min(1)
    .max(1_440)
    .default(60)
    .describe('How long a tip or case that somebody took is theirs; each act on it prolongs that'),
  dangerMinutes: z
    .number()
    .min(1)
    .max(1_440)
    .default(10)
    .describe('The same where a child is in danger now'),
  heldMax: z.int().min(1).max(1_000).default(100).describe('Most that one person has at a time'),
}
