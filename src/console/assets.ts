import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { packageFile } from '../core/index.ts'

/** What the one style sheet is put together from, in this order: what comes later has the last word. */
const STYLE = ['page', 'forms', 'rows', 'evidence', 'figures', 'public', 'narrow', 'print']

const NAMES = {
  'console.css': 'text/css; charset=utf-8',
  'console.js': 'text/javascript; charset=utf-8',
  'console.svg': 'image/svg+xml',
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

function assetOf(name: AssetName): Asset {
  const files = name === 'console.css' ? STYLE.map((one) => `style/${one}.css`) : [name]
  const bytes = Buffer.concat(
    files.map((file) => readFileSync(packageFile(`src/console/assets/${file}`))),
  )
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, DIGEST_CHARS)
  const place = `/console/assets/${name.replace('.', `-${digest}.`)}`
  return { place, contentType: NAMES[name], bytes }
}

/** Style and script, as they are in the package: what is served is what can be read there. */
export const ASSETS = {
  'console.css': assetOf('console.css'),
  'console.js': assetOf('console.js'),
  'console.svg': assetOf('console.svg'),
  'tip.js': assetOf('tip.js'),
} as const satisfies Record<AssetName, Asset>
