import { z } from 'zod'
import { bytes, MIB, SECRET } from './fields.ts'

const urlRule = z.strictObject({ host: z.string().min(1), dropQuery: z.array(z.string()) })

const proxyUrl = z
  .url({ protocol: /^https?$/, error: 'is not the http or https URL of a proxy' })
  .refine((url) => new URL(url).pathname === '/', { error: 'a proxy has no path' })

export const urlsSettings = {
  rules: z.array(urlRule).default([]).describe('Per host: query parameters that rotate'),
}

export const fetchSettings = {
  userAgent: z.string().default('Hindra/0.1 (+hotline)').describe('Declared user agent'),
  allowNetworks: z.array(z.string()).default([]).describe('CIDR blocks allowed though special'),
  allowHosts: z.array(z.string()).default([]).describe('Names allowed though internal'),
  allowPorts: z.array(z.int().min(1).max(65535)).default([80, 443, 8080, 8443]),
  redirectsMax: z.int().min(0).max(20).default(5),
  bytesMax: bytes(256 * MIB).describe('Largest body, also after decompression'),
  wireBytesMax: bytes(288 * MIB).describe('Largest answer with all that frames it'),
  firstByteSeconds: z.number().min(0.05).max(600).default(20),
  totalSeconds: z.number().min(0.05).max(3600).default(120),
  bytesPerSecondMin: z.number().min(0).default(512).describe('Slowest body that is waited for'),
  paceSeconds: z.number().min(0.05).max(600).default(15).describe('Over which that is measured'),
  pageBytesMax: bytes(2 * MIB).describe(
    'How much of an HTML page is read for its media or its text',
  ),
  pageMediaMax: z.int().min(0).max(1_000).default(32).describe('Media looked at on one page'),
  pageSeconds: z.number().min(0.05).max(3600).default(300).describe('For all media of one page'),
  pageTextMax: z
    .int()
    .min(0)
    .max(200_000)
    .default(20_000)
    .describe('Characters of the text of a page that a person is shown'),
  pageLinksMax: z
    .int()
    .min(0)
    .max(2_000)
    .default(200)
    .describe('Links of a page that a person is shown'),
  vantages: z
    .record(z.string().min(1), proxyUrl)
    .meta({ title: SECRET })
    .default({})
    .describe('HTTP proxy by name of the vantage point: http(s)://[user:password@]host:port'),
}
