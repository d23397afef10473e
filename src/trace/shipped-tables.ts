import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { packageFile } from '../core/index.ts'

/** Which autonomous system announces an address: of IPv4, and of IPv6. */
export const NETWORK_TABLES = ['asn-ipv4-num.csv', 'asn-ipv6-num.csv'] as const
/** Where a build puts them, compressed, with the version of @ip-location-db/asn that they are of. */
export const NETWORKS_FOLDER = 'dist/networks'

const decompress = promisify(brotliDecompress)

/** One of the tables that ship with the package. Throws as reading a file does. */
export async function shippedTable(table: (typeof NETWORK_TABLES)[number]): Promise<Buffer> {
  return decompress(await readFile(packageFile(join(NETWORKS_FOLDER, `${table}.br`))))
}

export async function shippedVersion(): Promise<string> {
  return readFile(packageFile(join(NETWORKS_FOLDER, 'version')), 'utf8')
}
