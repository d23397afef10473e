// A part of `npm run build`: which network announces an address, compressed. The npm package has each table twice and
// none of them compressed, 63 MB of which 9 are needed.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { NETWORK_TABLES, NETWORKS_FOLDER } from '../../src/trace/shipped-tables.ts'
import { packageFile } from '../../src/core/index.ts'

/** A tenth larger than the best that there is, in a twentieth of the time. */
const QUALITY = 5
/** Each of the sources wants to be named. */
const NOTICES = ['MODIFICATIONS', 'DBIP-LICENSE', 'NRO_LICENSE', 'ROUTEVIEWS-LICENSE']

const from = dirname(createRequire(import.meta.url).resolve('@ip-location-db/asn/package.json'))
const into = packageFile(NETWORKS_FOLDER)
const read = (file: string) => readFileSync(join(from, file))
const { version } = JSON.parse(String(read('package.json'))) as { version: string }

const versionFile = join(into, 'version')
if (!existsSync(versionFile) || readFileSync(versionFile, 'utf8') !== version) {
  mkdirSync(into, { recursive: true })
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
  }
  for (const table of NETWORK_TABLES) {
    writeFileSync(join(into, `${table}.br`), brotliCompressSync(read(table), { params }))
  }
  writeFileSync(join(into, 'NOTICE'), NOTICES.map(read).join('\n\n'))
  // Written last: what broke off is made again.
  writeFileSync(versionFile, version)
}
