import { z } from 'zod'
import { bytes, MIB, secret } from './fields.ts'

/** The live line to ICCAM. Off unless `url` is set. */
export const iccamSettings = {
  url: z
    .url({ protocol: /^https$/ })
    .optional()
    .describe('Root of its API; without it nothing is asked and nothing sent, and files stay'),
  certificateFile: z.string().optional().describe('Client certificate in PEM'),
  keyFile: z.string().optional().describe('Its key in PEM'),
  caFile: z.string().optional().describe('Certificates in PEM that its own is judged by'),
  user: z.string().min(1).optional(),
  password: secret().optional(),
  passwordFile: z.string().optional().describe('A file that holds the password, instead'),
  analyst: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .default('Analyst')
    .describe('Name that stands as analyst in reports and assessments: nobody’s by default'),
  analysts: z
    .record(z.string().min(1), z.string().trim().min(1).max(100))
    .default({})
    .describe('Names in ICCAM of those who want one, by their pseudonym here'),
  allowNetworks: z
    .array(z.union([z.cidrv4(), z.cidrv6()], 'is no CIDR block'))
    .default([])
    .describe('CIDR blocks that it may be in though they are special'),
  everyMinutes: z.number().min(0.01).max(1_440).default(15).describe('From one round to the next'),
  rewindDays: z.int().min(1).max(365).default(1).describe('How far each night looks back again'),
  retryMinutes: z
    .number()
    .min(0)
    .max(1_440)
    .default(5)
    .describe('First wait after a failure; then fourfold, at most a day'),
  alertMinutes: z
    .number()
    .min(1)
    .max(10_080)
    .default(60)
    .describe('A line that has not gone for so long is alerted of'),
  answerSeconds: z.number().min(0.05).max(600).default(60),
  answerBytesMax: bytes(16 * MIB).describe('Largest answer'),
}
