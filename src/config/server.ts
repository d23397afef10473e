import { z } from 'zod'
import { bytes, MIB, perKey } from './fields.ts'

export const serverSettings = {
  host: z.string().default('127.0.0.1').describe('Address that HTTP listens on'),
  port: z.int().min(0).max(65535).default(7080).describe('TCP port; 0 takes a free one'),
  socket: z.string().optional().describe('Unix socket; by default hindra.sock in data'),
  roles: z
    .array(z.enum(['api', 'console', 'matcher', 'dispatcher']))
    .default(['api', 'console', 'matcher', 'dispatcher'])
    .describe('What this process does, where a house has several (store.url)'),
  console: z.boolean().default(true).describe('Serves the console for browsers, over TCP'),
  lineBytesMax: bytes(64 * MIB).describe('Longest line of a sighting feed'),
  bodyBytesMax: bytes(256 * MIB).describe('Largest request body that is not a feed'),
  uploadBytesMax: bytes(1_024 * MIB).describe('Media uploads in memory at once, all together'),
  linesInFlightMax: z
    .int()
    .min(1)
    .max(1024)
    .default(8)
    .describe('Feed lines worked on at once whose media or URL are looked at'),
  hashLinesInFlightMax: z
    .int()
    .min(1)
    .max(65_536)
    .default(1_024)
    .describe('And of those that are searched by their hashes alone'),
  longLinesMax: z
    .int()
    .min(1)
    .max(1024)
    .default(16)
    .describe('Feed lines over 64 KiB that are held at once; others are read later'),
  tickSeconds: z.number().min(0.05).max(3600).default(30).describe('How often due work is done'),
  tlsCertFile: z.string().optional().describe('Certificate chain in PEM: HTTPS instead of HTTP'),
  tlsKeyFile: z.string().optional().describe('Its private key in PEM'),
  insecure: z.boolean().default(false).describe('Allow plain HTTP on other than loopback'),
  trustedProxies: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'is no address or CIDR block'))
    .default([])
    .describe('Proxies whose X-Forwarded-For and -Proto are believed'),
  connectionsMax: z.int().min(1).max(65_535).default(1_024).describe('Open at once, a listener'),
  feedsMax: z.int().min(1).max(65_535).default(256).describe('Feeds open at once'),
  headersSeconds: z.number().min(0.1).max(300).default(10).describe('To send TLS hello, headers'),
  bodySecondsMax: z.number().min(0.1).max(86_400).default(600).describe('For a body, not a feed'),
  bodyBytesPerSecondMin: z.int().min(0).max(MIB).default(1_024).describe('Of a body, not a feed'),
  idleSeconds: z
    .number()
    .min(0.1)
    .max(86_400)
    .default(300)
    .describe('A feed without a line, or an answer that nobody takes, is ended'),
  loopDelayMsMax: z.int().min(20).max(60_000).default(1_000).describe('Later is overload: 503'),
}

export const limitsSettings = {
  readsPerMinute: perKey(6_000).describe('GET, a key; 0 is no limit, here and below'),
  writesPerMinute: perKey(3_000).describe('POST that is no feed, a key'),
  feedsPerMinute: perKey(120).describe('Feeds begun, a key'),
  openFeeds: perKey(32).describe('Feeds open at once, a key'),
  wrongKeysPerSecond: perKey(10).describe(
    'Answered at once, an address; others are slowed down, right keys never',
  ),
  linesPerSecond: perKey(0).describe('Lines of sightings, a key: more are read later'),
  // Analysts alone scan, and what slows down a stolen key must not slow down a list of a million
  // hashes. Crawlers cannot scan; hashHitsPerHour bounds what they learn.
  scansPerMinute: perKey(600_000).describe('Lines of scans, a key: more are read later, audited'),
  hashHitsPerHour: perKey(1_000).describe('Hits by hashes alone, a key: then refused, audited'),
  screenedHitsPerHour: perKey(1_000).describe(
    'Hits by screened media, a key: over it more is read later, audited',
  ),
  hmaHitsPerHour: perKey(10_000).describe('The same of a key with the role hma-client'),
}

export const logSettings = {
  level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
}
