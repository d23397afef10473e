import { z } from 'zod'

function perHour(defaultCount: number) {
  return z.int().min(1).max(1_000_000).default(defaultCount)
}

export const tiplineSettings = {
  page: z.boolean().default(false).describe('Serves the page for the public, /tip, over TCP'),
  leaveTo: z
    .url({ protocol: /^https$/, error: 'is no https URL' })
    .default('https://www.wikipedia.org/')
    .describe('Where the button goes by which somebody leaves that page at once'),
  frameOrigins: z
    .array(z.string().regex(/^https:\/\/[a-z0-9.-]+(?::\d{1,5})?$/, 'is no https origin'))
    .default([])
    .describe('Sites that may show that page in a frame of theirs: https://hotline.example'),
  tipsPerHour: perHour(1_200).describe('Tips of the public, of all together'),
  callerTipsPerHour: perHour(12).describe('And from one address, unless others share it'),
  messagesPerHour: perHour(2_400).describe('Messages and URLs by receipt, of all together'),
  callerMessagesPerHour: perHour(60).describe('And from one address, unless others share it'),
  looksPerHour: perHour(12_000).describe('Receipts looked up, by all together'),
  callerLooksPerHour: perHour(240).describe('And from one address, unless others share it'),
  wrongReceiptsPerHour: perHour(300).describe('From then on each receipt needs work, whoever asks'),
  callerWrongReceiptsPerHour: perHour(10).describe('The same, of one address'),
  workBits: z.int().min(8).max(28).default(16).describe('Zero bits that a browser works for'),
  workBitsMax: z.int().min(8).max(28).default(21).describe('The same while many tips come'),
  calmPerHour: perHour(60).describe('Tips; each doubling beyond them doubles the work'),
  waitSeconds: z
    .int()
    .min(1)
    .max(3_600)
    .default(20)
    .describe('Age of a form that is sent without work, as browsers without script do'),
  waitsPerHour: perHour(120).describe('Forms that are taken so, of all together'),
  formMinutes: z.int().min(5).max(1_440).default(180).describe('How long a form may be filled in'),
  sharedAddresses: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'is no address or CIDR block'))
    .default([])
    .describe('Addresses that many share (proxies, exits of Tor): limited by work and in total'),
  ownRequestsPerDay: z
    .int()
    .min(1)
    .max(100_000)
    .default(30)
    .describe('Requests of children for pictures of themselves; further ones are held back'),
  ownRequestDays: z
    .int()
    .min(1)
    .max(3_650)
    .default(180)
    .describe('How long a picture is looked for once such a request was accepted'),
}
