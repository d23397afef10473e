import { z } from 'zod'

/** The feed of alerts and its event streams. */
export const alertSettings = {
  keepDays: z.number().min(0).max(3_650).default(30).describe('Then, once acknowledged, removed'),
  consumersMax: z.int().min(1).max(1_000).default(50).describe('Named readers of the feed'),
  streamsMax: z.int().min(1).max(10_000).default(64).describe('Event streams open at once'),
  heartbeatSeconds: z.number().min(0.05).max(600).default(15).describe('Of an idle stream'),
  stallSeconds: z.number().min(0.05).max(600).default(30).describe('For a reader to read on'),
}

/** Endpoints that alerts are posted to. */
export const webhookSettings = {
  endpointsMax: z.int().min(1).max(1_000).default(20),
  allowNetworks: z
    .array(z.union([z.cidrv4(), z.cidrv6()], 'is no CIDR block'))
    .default([])
    .describe('CIDR blocks that endpoints may be in though they are special'),
  allowHttpLoopback: z.boolean().default(false).describe('Plain HTTP to this machine'),
  timeoutSeconds: z.number().min(0.05).max(120).default(15).describe('For one POST'),
  attemptsMax: z.int().min(1).max(100).default(10).describe('Tries before an alert is given up'),
  retrySeconds: z.number().min(0.01).max(3_600).default(5).describe('First wait; then fourfold'),
  retryHoursMax: z.number().min(0.001).max(48).default(10).describe('Longest wait'),
}
