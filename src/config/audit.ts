import { z } from 'zod'

export const auditSettings = {
  checkpointFile: z
    .string()
    .optional()
    .describe('A line is added to it for each checkpoint; keep it on another machine'),
  checkpointHours: z.number().min(0.01).max(8_760).default(24).describe('Between checkpoints'),
}
