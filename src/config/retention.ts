import { z } from 'zod'

function days(defaultDays: number) {
  return z.int().min(0).max(36_500).default(defaultDays)
}

export const retentionSettings = {
  nightly: z.boolean().default(true).describe('Erase once a day what is due'),
  hourUtc: z.int().min(0).max(23).default(3).describe('After this hour'),
  tipDays: days(365).describe('Tips that were dealt with, from arrival; 0 keeps, here and below'),
  caseDays: days(1_825).describe('Cases that are over, with their notices, from their last event'),
  traceDays: days(365).describe('What look-ups said of the hosts of such cases, from the same'),
  retractedDays: days(1_825).describe('Items that every list retracted and no case is left of'),
  claimDays: days(30).describe('Hits by hashes alone that no look has settled, from arrival'),
  importDays: days(730).describe('Records and reports of imports, from their beginning'),
  listExportDays: days(1_825).describe('Who took a list out and why, from then'),
  lookDays: z
    .int()
    .min(31)
    .max(366)
    .default(35)
    .describe('What each person did on their last day of looking, from that day'),
  auditDays: days(3_650).describe('What entries of the audit say; the chain stays verifiable'),
}
