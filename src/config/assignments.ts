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
  skipHours: z
    .number()
    .min(0)
    .max(8_760)
    .default(24)
    .describe(
      'How long the queue does not offer a tip to whoever skipped it, unless its sender tells anew',
    ),
  skipsMax: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe('So many people skip one tip or case, and it waits for whoever gives it to somebody'),
  heldMax: z.int().min(1).max(1_000).default(100).describe('Most that one person has at a time'),
}
