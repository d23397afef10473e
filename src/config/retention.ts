import { z } from 'zod'

function days(defaultDays: number) {
  return z.int().min(0).max(36_500).default(defaultDays)
}

export const retentionSettings = {
  nightly: z.boolean().default(true).describe('Erase once a day what is due'),
  hourUtc: z.int().min(0).max(23).default(3).describe('After this hour'),
  tipDays: days(365).describe('Tips that were dealt with, from arrival; 0 keeps, here and below'),
  caseDays: days(1_825).describe('Cases that are over, with their notices, from their last event'),
  auditDays: days(3_650).describe('What entries of the audit say; the chain stays verifiable'),
}
