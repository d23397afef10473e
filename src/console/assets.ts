import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { packageFile } from '../core/index.ts'

/** The one style sheet is put together from these files, in this order: what comes later has the last word. */
const STYLE = [
  'page',
  'forms',
  'rows',
  'evidence',
  'register',
  'figures',
  'public',
  'narrow',
  'print',
]

const NAMES = {
  'console.css': 'text/css; charset=utf-8',
  'console.js': 'text/javascript; charset=utf-8',
  'console.svg': 'image/svg+xml',
  'hashing.js': 'text/javascript; charset=utf-8',
  'live.js': 'text/javascript; charset=utf-8',
  'passkey.js': 'text/javascript; charset=utf-8',
  'register.js': 'text/javascript; charset=utf-8',
  'tip.js': 'text/javascript; charset=utf-8',
} as const
type AssetName = keyof typeof NAMES

export interface Asset {
  /** Says what is in it: a browser may keep it for ever. */
  readonly place: string
  readonly contentType: string
  readonly bytes: Buffer
}

const DIGEST_CHARS = 12

/** The script that hashes pictures in a browser; `npm run build` makes it (`scripts/hasher`) of the server's hasher. */
export const HASHER_FILE = 'dist/src/console/hasher.js'

function assetOf(name: AssetName): Asset {
  const files = name === 'console.css' ? STYLE.map((one) => `style/${one}.css`) : [name]
  return named(
    name,
    files.map((file) => `src/console/assets/${file}`),
    NAMES[name],
  )
}

/** A script that imports another of ours finds it by the place that says what is in it. */
function importing(name: AssetName, imported: Readonly<Record<string, Asset>>): Asset {
  const text = readFileSync(packageFile(`src/console/assets/${name}`), 'utf8')
  const placed = Object.entries(imported).reduce(
    (script, [file, { place }]) => script.replace(`'./${file}'`, `'${place}'`),
    text,
  )
  return served(name, Buffer.from(placed), NAMES[name])
}

function named(name: string, files: readonly string[], contentType: string): Asset {
  return served(
    name,
    Buffer.concat(files.map((file) => readFileSync(packageFile(file)))),
    contentType,
  )
}

function served(name: string, bytes: Buffer, contentType: string): Asset {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, DIGEST_CHARS)
  const place = `/console/assets/${name.replace('.', `-${digest}.`)}`
  return { place, contentType, bytes }
}

const HASHING = assetOf('hashing.js')

/** Style and script, as they are in the package: what is served is what can be read there. */
export const ASSETS = {
  'console.css': assetOf('console.css'),
  'console.js': assetOf('console.js'),
  'console.svg': assetOf('console.svg'),
  'hashing.js': HASHING,
  'live.js': assetOf('live.js'),
  'passkey.js': assetOf('passkey.js'),
  'register.js': importing('register.js', { 'hashing.js': HASHING }),
  'tip.js': importing('tip.js', { 'hashing.js': HASHING }),
} as const satisfies Record<AssetName, Asset>

/** Undefined in a checkout that was not built: pages then say that no picture can be taken. */
export const HASHER: Asset | undefined = existsSync(packageFile(HASHER_FILE))
  ? named('hasher.js', [HASHER_FILE], NAMES['tip.js'])
  : undefined
