import { z } from 'zod'

/**
 * Why a mail waits for a person: nobody knows its sender, no DKIM signature of its sender's domain holds, it tells of
 * no URL, of too many, or something in it begins as a URL does and is none.
 */
export const SISTER_MAIL_REASONS = [
  'unknown-sender',
  'unproven',
  'no-url',
  'too-many-urls',
  'unread-url',
] as const

export type SisterMailReason = (typeof SISTER_MAIL_REASONS)[number]

/** Of one mail; a person who accepts it may name more than a mail may bring by itself. */
export const URLS_ACCEPTED_MAX = 500

export const acceptance = {
  urls: z
    .array(z.string().min(1))
    .min(1)
    .max(URLS_ACCEPTED_MAX)
    .exactOptional()
    .describe('In place of those that were read out of it'),
  reference: z.string().trim().min(1).max(256).exactOptional().describe("The sender's reference"),
}
