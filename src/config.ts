import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { alertSettings, webhookSettings } from './config-alerts.ts'
import { HindraError } from './errors.ts'

const MIB = 1024 * 1024
/** Title that marks a setting whose value is never shown. */
const SECRET = 'secret'

const provider = z.strictObject({
  name: z.string().min(1),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable()
    .default(null),
  abuseContact: z.email(),
  domains: z.array(z.string()).default([]),
  networks: z.array(z.string()).default([]),
})

const urlRule = z.strictObject({ host: z.string().min(1), dropQuery: z.array(z.string()) })

const proxyUrl = z
  .url({ protocol: /^https?$/, error: 'is not the http or https URL of a proxy' })
  .refine((url) => new URL(url).pathname === '/', { error: 'a proxy has no path' })

/** Every setting: its type and bounds, default, and what it means (units last in names). */
const schema = z.strictObject({
  data: z
    .string()
    .default(() => defaultDataDirectory())
    .describe('Directory of the store, mode 0700'),
  dataKey: section({
    value: secret().optional().describe('The data key, base64 of 32 bytes (environment only)'),
    command: z.string().optional().describe('Command that prints the data key in base64'),
    file: z.string().optional().describe('File that holds it; by default data.key beside the data'),
  }),
  server: section({
    host: z.string().default('127.0.0.1').describe('Address that HTTP listens on'),
    port: z.int().min(0).max(65535).default(7080).describe('TCP port; 0 takes a free one'),
    socket: z.string().optional().describe('Unix socket; by default hindra.sock in data'),
    lineBytesMax: bytes(64 * MIB).describe('Longest line of a sighting feed'),
    bodyBytesMax: bytes(256 * MIB).describe('Largest request body that is not a feed'),
    linesInFlightMax: z.int().min(1).max(1024).default(8).describe('Feed lines worked on at once'),
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
  }),
  limits: section({
    readsPerMinute: perKey(6_000).describe('GET, a key; 0 is no limit, here and below'),
    writesPerMinute: perKey(3_000).describe('POST that is no feed, a key'),
    feedsPerMinute: perKey(120).describe('Feeds begun, a key'),
    linesPerSecond: perKey(0).describe('Lines of sightings, a key: more are read later'),
    // Analysts alone scan, and what slows down a stolen key must not slow down a list of a million
    // hashes. Crawlers cannot scan; hashHitsPerHour bounds what they learn.
    scansPerMinute: perKey(600_000).describe('Lines of scans, a key: more are read later, audited'),
    hashHitsPerHour: perKey(1_000).describe('Hits by hashes alone, a key: then refused, audited'),
  }),
  log: section({
    level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  }),
  urls: section({
    rules: z.array(urlRule).default([]).describe('Per host: query parameters that rotate'),
  }),
  fetch: section({
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
    pageBytesMax: bytes(2 * MIB).describe('How much of an HTML page is read for its media'),
    pageMediaMax: z.int().min(0).max(1_000).default(32).describe('Media looked at on one page'),
    pageSeconds: z.number().min(0.05).max(3600).default(300).describe('For all media of one page'),
    vantages: z
      .record(z.string().min(1), proxyUrl)
      .meta({ title: SECRET })
      .default({})
      .describe('HTTP proxy by name of the vantage point: http(s)://[user:password@]host:port'),
  }),
  decode: section({
    bytesMax: bytes(256 * MIB),
    pixelsMax: z.int().min(1).max(1_000_000_000).default(100_000_000).describe('Of one picture'),
    pagesMax: z.int().min(1).max(1000).default(64).describe('Pages of an animated picture'),
    framesMax: z.int().min(1).max(100_000).default(1_200).describe('Sampled frames of one film'),
    filmSecondsMax: z.number().min(1).max(86_400).default(14_400),
    secondsMax: z.number().min(0.1).max(3_600).default(120).describe('Wall time for one file'),
  }),
  pool: section({
    threads: z.int().min(0).max(256).default(0).describe('Worker threads; 0 is two a core'),
    queueMax: z.int().min(1).max(100_000).default(256).describe('Files that may wait'),
    memoryMib: z.int().min(64).max(65_536).default(1_024).describe('JavaScript heap of one worker'),
  }),
  index: section({
    kind: z
      .enum(['exact', 'linear', 'hnsw'])
      .default('exact')
      .describe('exact is native where built; linear is exact and portable; hnsw misses some'),
    snapshotMinutes: z
      .number()
      .min(0.01)
      .max(1_440)
      .default(15)
      .describe('A change is in the saved index after this at the latest'),
    snapshotChanges: z
      .int()
      .min(1)
      .max(10_000_000)
      .default(10_000)
      .describe('And after so many, or a tenth of the register'),
    erasureSeconds: z
      .number()
      .min(0.01)
      .max(86_400)
      .default(60)
      .describe('What was retracted is gone from the saved index after this'),
  }),
  match: section({
    // 0 false in 3.8 million pairs of distinct photographs at 31: at most 8e-7 a pair (95%).
    reviewRadius: z.int().min(0).max(64).default(31).describe('PDQ radius of the review band'),
    // Derived hashes of 45 pictures were at most 30 bits off, 90% within 14; a wider net costs fetches.
    derivedBits: z
      .int()
      .min(0)
      .max(33)
      .default(14)
      .describe('Added to the radius for views that follow from the bits of a hash alone'),
    confirmRadius: z.int().min(0).max(64).default(16).describe('PDQ radius that confirms alone'),
    confirmQualityMin: z.int().min(0).max(100).default(80),
    qualityMin: z.int().min(0).max(100).default(50),
    // Films: 0 false in 3,154 pairs of distinct clips, most of them parts of one film by one camera:
    // at most 0.1% of such pairs (95%). With 3 frames and half of both there were 2.
    filmConfirmShare: z.number().min(0).max(1).default(0.6).describe('Of both films, to confirm'),
    filmReviewShare: z.number().min(0).max(1).default(0.3).describe('Of either film, to review'),
    filmFramesMin: z.int().min(1).max(1000).default(4).describe('Distinct frames, to confirm'),
  }),
  alerts: section(alertSettings),
  webhooks: section(webhookSettings),
  trace: section({
    providers: z.array(provider).default([]).describe('Who runs which domains and networks'),
    cacheHours: z.number().min(0).max(12).default(12).describe('How long a trace is believed'),
  }),
  mail: section({
    host: z.string().default('127.0.0.1').describe('SMTP relay'),
    port: z.int().min(1).max(65535).default(25),
    secure: z.boolean().default(false).describe('TLS from the first byte'),
    requireTls: z.boolean().default(false).describe('Refuse to send without STARTTLS'),
    user: z.string().optional(),
    password: secret().optional(),
    from: z.email().default('notices@hotline.invalid').describe('Sender of notices'),
    organisation: z.string().default('The hotline').describe('Name in notices'),
    timeoutSeconds: z.number().min(0.1).max(600).default(30),
  }),
  takedown: section({
    reminderHours: z.number().min(0.1).max(8_760).default(24).describe('From notice to reminder'),
    urlsPerMailMax: z.int().min(1).max(1_000).default(50),
    attemptsMax: z.int().min(1).max(100).default(12).describe('Tries before a notice is failed'),
    retryMinutes: z.number().min(0).max(1_440).default(5).describe('First wait; doubles each time'),
    stop: z.boolean().default(false).describe('Emergency stop: nothing is sent while true'),
  }),
  recheck: section({
    intervalHours: z
      .number()
      .min(0.1)
      .max(720)
      .default(4)
      .describe('Between looks at an open case'),
    missesNeeded: z.int().min(1).max(10).default(3).describe('Misses in a row that mean removed'),
    missGapHours: z.number().min(0).max(168).default(2).describe('Least time between such misses'),
    watchDays: z.number().min(0).max(3_650).default(90).describe('Looks again after removal'),
    watchIntervalHours: z.number().min(1).max(720).default(24),
    canaryUrl: z.url().optional().describe('A page of ours: proves that our own line works'),
  }),
})

export type Config = z.infer<typeof schema>

/** One setting as `hindra config` shows it. */
export interface SettingView {
  readonly path: string
  readonly env: string
  /** As in force; `***` for a secret that is set. */
  readonly value: unknown
  readonly from: 'default' | 'file' | 'environment' | 'flag'
  readonly meaning: string
}

export interface LoadedConfig {
  readonly config: Config
  readonly settings: readonly SettingView[]
  /** The file that was read, if any. */
  readonly file: string | undefined
}

export interface ConfigSources {
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Dotted path to value. */
  readonly flags?: Readonly<Record<string, unknown>>
  /** Settings file; by default HINDRA_CONFIG, else hindra.yaml in the data directory. */
  readonly file?: string | undefined
}

/**
 * Flags override environment overrides file overrides defaults. Throws INVALID_CONFIG with every
 * problem at once.
 */
export function loadConfig(sources: ConfigSources = {}): LoadedConfig {
  const env = sources.env ?? process.env
  const flags = sources.flags ?? {}
  const flag = flags['data']
  const data = resolvePath(
    typeof flag === 'string' ? flag : (env['HINDRA_DATA'] ?? defaultDataDirectory(env)),
  )
  const named = sources.file ?? env['HINDRA_CONFIG']
  const file = named ?? join(data, 'hindra.yaml')
  const fromFile = existsSync(file) ? flatten(readYaml(file)) : new Map<string, unknown>()
  if (named !== undefined && !existsSync(file)) {
    throw new HindraError('INVALID_CONFIG', `the settings file ${file} does not exist`)
  }

  const values = new Map<string, unknown>(fromFile)
  const origin = new Map<string, SettingView['from']>([...fromFile.keys()].map((k) => [k, 'file']))
  for (const leaf of leaves()) {
    const text = env[leaf.env]
    if (text !== undefined && text !== '') set(leaf.path, fromText(text), 'environment')
  }
  for (const [path, value] of Object.entries(flags)) {
    if (value !== undefined) set(path, value, 'flag')
  }
  if (origin.get('data') !== undefined) values.set('data', data)

  const parsed = schema.safeParse(nest(values))
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`,
    )
    throw new HindraError('INVALID_CONFIG', problems.join('; '))
  }
  const config = { ...parsed.data, data: resolvePath(parsed.data.data) }
  const inForce = flatten(config)
  const settings = leaves().map((leaf) => {
    const value = inForce.get(leaf.path)
    const from = origin.get(leaf.path) ?? 'default'
    const shown = leaf.secret && from !== 'default' ? '***' : (value ?? null)
    return { path: leaf.path, env: leaf.env, value: shown, from, meaning: leaf.meaning }
  })
  return { config, settings, file: existsSync(file) ? file : undefined }

  function set(path: string, value: unknown, from: SettingView['from']): void {
    values.set(path, value)
    origin.set(path, from)
  }
}

/** Defaults with changes: for tests, the demo and embedding. Throws INVALID_CONFIG. */
export function configWith(flags: Readonly<Record<string, unknown>>): Config {
  return loadConfig({ env: {}, flags }).config
}

function defaultDataDirectory(env: Readonly<Record<string, string | undefined>> = process.env) {
  const base = env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share')
  return join(base, 'hindra')
}

/** One directory must have one name: LevelDB's lock is evaded by a second spelling of its path. */
function resolvePath(path: string): string {
  return isAbsolute(path) ? resolve(path) : resolve(process.cwd(), path)
}

function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape).prefault({} as z.input<z.ZodObject<Shape>>)
}

function bytes(defaultBytes: number) {
  return z
    .int()
    .min(1)
    .max(4 * 1024 * MIB)
    .default(defaultBytes)
}

function perKey(defaultCount: number) {
  return z.int().min(0).max(1_000_000_000).default(defaultCount)
}

function secret() {
  return z.string().min(1).meta({ title: SECRET })
}

interface Leaf {
  readonly path: string
  readonly env: string
  readonly meaning: string
  readonly secret: boolean
}

function leaves(): readonly Leaf[] {
  const found: Leaf[] = []
  for (const [name, field] of Object.entries(schema.shape)) {
    const inner = unwrap(field)
    if (!(inner instanceof z.ZodObject)) {
      found.push(leaf(name, field))
      continue
    }
    for (const [key, child] of Object.entries(inner.shape)) {
      found.push(leaf(`${name}.${key}`, child as z.ZodType))
    }
  }
  return found
}

function leaf(path: string, field: z.ZodType): Leaf {
  const env =
    `HINDRA_${path.replace(/([a-z])([A-Z])/g, '$1_$2').replaceAll('.', '_')}`.toUpperCase()
  const isSecret = unwrap(field).meta()?.title === SECRET
  return { path, env, meaning: field.description ?? '', secret: isSecret }
}

function unwrap(field: z.ZodType): z.ZodType {
  const wrapped =
    field instanceof z.ZodDefault ||
    field instanceof z.ZodPrefault ||
    field instanceof z.ZodOptional
  return wrapped ? unwrap(field.unwrap() as z.ZodType) : field
}

function readYaml(file: string): unknown {
  try {
    return parseYaml(readFileSync(file, 'utf8')) ?? {}
  } catch (cause) {
    throw new HindraError('INVALID_CONFIG', `${file} is not readable YAML`, { cause })
  }
}

function fromText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function flatten(tree: unknown): Map<string, unknown> {
  const flat = new Map<string, unknown>()
  if (!isRecord(tree)) return flat
  for (const [name, value] of Object.entries(tree)) {
    if (!isRecord(value)) flat.set(name, value)
    else for (const [key, child] of Object.entries(value)) flat.set(`${name}.${key}`, child)
  }
  return flat
}

function nest(flat: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const tree: Record<string, unknown> = {}
  for (const [path, value] of flat) {
    const [name = '', key] = path.split(/\.(.*)/s)
    if (key === undefined) {
      tree[name] = value
      continue
    }
    const branch = isRecord(tree[name]) ? tree[name] : {}
    branch[key] = value
    tree[name] = branch
  }
  return tree
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
