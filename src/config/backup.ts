import { z } from 'zod'

export const backupSettings = {
  escrowKeyFiles: z
    .array(z.string().min(1))
    .max(16)
    .default([])
    .describe('Public escrow keys (JSON Web Keys): who holds the private half can open backups'),
}
