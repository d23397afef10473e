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
  'live.js': 'text/javascript; charset=utf-8',
  'passkey.js': 'text/javascript; charset=utf-8',
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

function named(name: string, files: readonly string[], contentType: string): Asset {
  const bytes = Buffer.concat(files.map((file) => readFileSync(packageFile(file))))
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, DIGEST_CHARS)
  const place = `/console/assets/${name.replace('.', `-${digest}.`)}`
  return { place, contentType, bytes }
}

/** Style and script, as they are in the package: what is served is what can be read there. */
export const ASSETS = {
  'console.css': assetOf('console.css'),
  'console.js': assetOf('console.js'),
  'console.svg': assetOf('console.svg'),
  'live.js': assetOf('live.js'),
  'passkey.js': assetOf('passkey.js'),
  'tip.js': assetOf('tip.js'),
} as const satisfies Record<AssetName, Asset>

/** Undefined in a checkout that was not built: pages then say that no picture can be taken. */
export const HASHER: Asset | undefined = existsSync(packageFile(HASHER_FILE))
  ? named('hasher.js', [HASHER_FILE], NAMES['tip.js'])
  : undefined
