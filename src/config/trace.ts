import { z } from 'zod'
import { API_NAMES } from '../channels/index.ts'

/** A row of a table of providers: what it runs, and how it is told. */
export const providerRow = z
  .strictObject({
    name: z.string().min(1),
    /** `proxy`: it stands before hosts of others. `platform`: it has a channel of its own. */
    kind: z.enum(['provider', 'platform', 'proxy']).default('provider'),
    /** ISO 3166-1 alpha-2, or null where unknown. */
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .nullable()
      .default(null),
    abuseContact: z.email().optional(),
    webhook: z.url({ protocol: /^https?$/ }).optional(),
    api: z.enum(API_NAMES).optional(),
    /** A page where a person fills in a form. */
    form: z.url({ protocol: /^https?$/ }).optional(),
    /** Domains (with their subdomains) that it runs. */
    domains: z.array(z.string()).default([]),
    /** Domains that CNAME records of its customers end in. */
    aliases: z.array(z.string()).default([]),
    /** CIDR blocks that it runs. */
    networks: z.array(z.string()).default([]),
    /** Autonomous systems that it runs. */
    systems: z.array(z.int().min(1).max(4_294_967_295)).default([]),
  })
  .refine(
    ({ abuseContact, webhook, api, form }) =>
      [abuseContact, webhook, api, form].some((way) => way !== undefined),
    { error: 'needs one of abuseContact, webhook, api, form' },
  )

export const traceSettings = {
  providers: z.array(providerRow).default([]).describe('Who runs which domains and networks'),
  cacheHours: z.number().min(0).max(12).default(12).describe('How long a trace is believed'),
  registries: z.boolean().default(true).describe('Ask RDAP servers and sites for contacts'),
  apis: z
    .array(z.enum(API_NAMES))
    .default([])
    .describe('Abuse-report APIs that somebody calls for us; else their providers get mail'),
  originCommand: z
    .string()
    .optional()
    .describe('Program that is given the name of a host behind a proxy and prints its addresses'),
  countryFile: z
    .string()
    .optional()
    .describe('MaxMind DB of countries, instead of the shipped one'),
  systemFolder: z
    .string()
    .optional()
    .describe('Folder of asn-ipv4-num.csv and asn-ipv6-num.csv, instead of the shipped ones'),
  answerBytesMax: z
    .int()
    .min(1_024)
    .max(64 * 1_024 * 1_024)
    .default(2 * 1_024 * 1_024)
    .describe('Largest answer of a registry or site'),
  answerSeconds: z.number().min(0.05).max(120).default(15).describe('Longest wait for one answer'),
}
