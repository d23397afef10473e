import { join } from 'node:path'
import type { Config } from '../config.ts'

/** Where the server of a data directory listens, unless the settings say otherwise. */
export function usualSocket(data: string): string {
  return join(data, 'hindra.sock')
}

export function socketPath({ server, data }: Config): string {
  return server.socket ?? usualSocket(data)
}
