import { execFile } from 'node:child_process'
import ipaddr from 'ipaddr.js'
import { SECOND_MS } from '../core/index.ts'
import type { Note } from './chain.ts'

const ADDRESSES_MAX = 16
const OUTPUT_BYTES_MAX = 64 * 1024

/** Addresses of the origin behind a proxy; none where it is not told. */
export type OriginOf = (hostName: string, note: Note) => Promise<readonly string[]>

/**
 * Asks a program of the operator, who has access to a proxy's own look-up: it is given the name as its one
 * argument and prints addresses, one a line. Whatever goes wrong is noted, and the proxy is told.
 */
export function originByCommand(command: string, timeoutSeconds: number): OriginOf {
  return async (hostName, note) => {
    // Must not be taken for an option.
    if (hostName.startsWith('-')) return []
    const options = { timeout: timeoutSeconds * SECOND_MS, maxBuffer: OUTPUT_BYTES_MAX }
    const { addresses, said } = await new Promise<{ addresses: string[]; said: string }>(
      (resolve) => {
        execFile(command, [hostName], options, (error, output) => {
          const lines = output.split(/\s+/).filter((line) => ipaddr.isValid(line))
          const addresses = error === null ? lines.slice(0, ADDRESSES_MAX) : []
          const code = String(error?.code ?? error?.signal ?? 'no code')
          const said = error === null ? addresses.join(', ') || 'not told' : `failed (${code})`
          resolve({ addresses, said })
        })
      },
    )
    note('origin', hostName, said)
    return addresses
  }
}
