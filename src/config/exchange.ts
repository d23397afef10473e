import { z } from 'zod'
import { bytes, MIB } from './fields.ts'

/** Exchanges whose lists are fetched on a schedule. */
export const exchangeSettings = {
  allowNetworks: z
    .array(z.union([z.cidrv4(), z.cidrv6()], 'is no CIDR block'))
    .default([])
    .describe('CIDR blocks that exchanges may be in though they are special'),
  allowHttpLoopback: z.boolean().default(false).describe('Plain HTTP to this machine'),
  answerSeconds: z.number().min(0.05).max(3_600).default(120).describe('For one page'),
  answerBytesMax: bytes(64 * MIB).describe('Largest page'),
  retrySeconds: z.number().min(0.01).max(3_600).default(60).describe('First wait; then fourfold'),
  retryHoursMax: z.number().min(0.001).max(48).default(6).describe('Longest wait'),
  pagesMax: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .describe('Pages of one run; the next run goes on behind them'),
  withdrawPercentMax: z
    .number()
    .min(0)
    .max(100)
    .default(10)
    .describe('Share of a list that a complete file may withdraw without a confirmed number'),
}
