import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import type { Server } from 'node:https'
import { createSecureContext } from 'node:tls'
import type { Config } from '../config.ts'
import { HindraError } from '../errors.ts'
import type { Log } from './log.ts'

/** Certificates are renewed every few weeks; a look costs two stat calls. */
const WATCH_MS = 5_000

export interface Credentials {
  readonly cert: Buffer
  readonly key: Buffer
}

/** A certificate and its key as they are in their files, now and later. */
export interface TlsFiles {
  readonly credentials: Credentials
  /** New connections of this server get what was read last; open ones go on undisturbed. */
  follow(server: Server): void
  /** Reads the files anew. What cannot be used is logged, and the old pair stays in force. */
  reload(): void
  close(): void
}

/**
 * Undefined where the settings name no files. Watches them by asking for their time of change,
 * which unlike inotify also sees renewals by symbolic link and on network file systems.
 * Throws INVALID_CONFIG for one file without the other and for what is no pair.
 */
export function openTlsFiles(
  { tlsCertFile, tlsKeyFile }: Pick<Config['server'], 'tlsCertFile' | 'tlsKeyFile'>,
  log: Pick<Log, 'info' | 'error'>,
  watchMs = WATCH_MS,
): TlsFiles | undefined {
  if (tlsCertFile === undefined && tlsKeyFile === undefined) return undefined
  if (tlsCertFile === undefined || tlsKeyFile === undefined) {
    throw new HindraError(
      'INVALID_CONFIG',
      'server.tlsCertFile and server.tlsKeyFile go together: one is missing',
    )
  }
  const files = { cert: tlsCertFile, key: tlsKeyFile }
  const servers = new Set<Server>()
  let credentials = readPair(files)
  for (const file of Object.values(files)) {
    watchFile(file, { interval: watchMs, persistent: false }, reload)
  }

  function reload(): void {
    try {
      const fresh = readPair(files)
      const isSame = fresh.cert.equals(credentials.cert) && fresh.key.equals(credentials.key)
      if (isSame) return
      credentials = fresh
      for (const server of servers) server.setSecureContext({ ...credentials })
      log.info('the certificate was read anew')
    } catch (cause) {
      // While a renewal is half done they are no pair: the second file's change brings us back.
      const why = cause instanceof HindraError ? cause.message : 'for an unknown reason'
      log.error({ code: 'INVALID_CONFIG', why }, 'the certificate stays the old one')
    }
  }

  return {
    get credentials() {
      return credentials
    },
    follow(server) {
      servers.add(server)
      server.once('close', () => servers.delete(server))
    },
    reload,
    close() {
      for (const file of Object.values(files)) unwatchFile(file, reload)
    },
  }
}

function readPair(files: { readonly cert: string; readonly key: string }): Credentials {
  const credentials = {
    cert: readOne('server.tlsCertFile', files.cert),
    key: readOne('server.tlsKeyFile', files.key),
  }
  try {
    createSecureContext(credentials)
    return credentials
  } catch (cause) {
    throw new HindraError(
      'INVALID_CONFIG',
      'server.tlsCertFile and server.tlsKeyFile are no pair of PEM certificate and private key',
      { cause },
    )
  }
}

function readOne(setting: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'for an unknown reason'
    throw new HindraError('INVALID_CONFIG', `${setting} cannot be read: ${why}`, { cause })
  }
}
