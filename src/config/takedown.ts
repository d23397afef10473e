import { z } from 'zod'
import { secret } from './fields.ts'

export const mailSettings = {
  host: z.string().default('127.0.0.1').describe('SMTP relay'),
  port: z.int().min(1).max(65535).default(25),
  secure: z.boolean().default(false).describe('TLS from the first byte'),
  requireTls: z.boolean().default(false).describe('Refuse to send without STARTTLS'),
  user: z.string().optional(),
  password: secret().optional(),
  from: z.email().default('notices@hotline.invalid').describe('Sender of notices'),
  organisation: z.string().default('The hotline').describe('Name in notices'),
  timeoutSeconds: z.number().min(0.1).max(600).default(30),
}

export const takedownSettings = {
  reminderHours: z.number().min(0.1).max(8_760).default(24).describe('From notice to reminder'),
  urlsPerMailMax: z.int().min(1).max(1_000).default(50),
  attemptsMax: z.int().min(1).max(100).default(12).describe('Tries before a notice is failed'),
  retryMinutes: z.number().min(0).max(1_440).default(5).describe('First wait; doubles each time'),
  stop: z.boolean().default(false).describe('Emergency stop: nothing is sent while true'),
}

export const recheckSettings = {
  intervalHours: z.number().min(0.1).max(720).default(4).describe('Between looks at an open case'),
  missesNeeded: z.int().min(1).max(10).default(3).describe('Misses in a row that mean removed'),
  missGapHours: z.number().min(0).max(168).default(2).describe('Least time between such misses'),
  watchDays: z.number().min(0).max(3_650).default(90).describe('Looks again after removal'),
  watchIntervalHours: z.number().min(1).max(720).default(24),
  canaryUrl: z.url().optional().describe('A page of ours: proves that our own line works'),
}
