import { z } from 'zod'

export const auditSettings = {
  checkpointFile: z
    .string()
    .optional()
    .describe('A line is added to it for each checkpoint; keep it on another machine'),
  witnesses: z
    .array(z.string().min(1))
    .max(8)
    .default([])
    .describe(
      'Where checkpoints go besides: files, https URLs (POST adds one; GET answers them, one a line), and mailto: addresses. The start compares the audit with all that it can read',
    ),
  checkpointHours: z.number().min(0.01).max(8_760).default(24).describe('Between checkpoints'),
}
