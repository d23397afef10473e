import { readFile } from 'node:fs/promises'
import type { Server } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSecureContext } from 'node:tls'
import type { Config } from '../config.ts'
import { HindraError } from '../errors.ts'
import type { Log } from './log.ts'

/** Certificates are renewed every few weeks; a look reads a few kilobytes. */
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
  reload(): Promise<void>
  close(): void
}

/**
 * Undefined where the settings name no files. Watches them by reading them again and again, which
 * sees renewals by symbolic link, on network file systems and within one tick of a file's clock.
 * Throws INVALID_CONFIG for one file without the other and for what is no pair.
 */
export async function openTlsFiles(
  { tlsCertFile, tlsKeyFile }: Pick<Config['server'], 'tlsCertFile' | 'tlsKeyFile'>,
  log: Pick<Log, 'info' | 'error'>,
  watchMs = WATCH_MS,
): Promise<TlsFiles | undefined> {
  if (tlsCertFile === undefined && tlsKeyFile === undefined) return undefined
  if (tlsCertFile === undefined || tlsKeyFile === undefined) {
    throw new HindraError(
      'INVALID_CONFIG',
      'server.tlsCertFile and server.tlsKeyFile go together: one is missing',
    )
  }
  const files = { cert: tlsCertFile, key: tlsKeyFile }
  const servers = new Set<Server>()
  const closing = new AbortController()
  let credentials = await readPair(files)
  /** Why the pair was refused at the last look, by which one reason is logged once. */
  let refused: string | undefined
  void watch()

  async function watch(): Promise<void> {
    const { signal } = closing
    for (;;) {
      await sleep(watchMs, undefined, { ref: false, signal }).catch(() => undefined)
      if (signal.aborted) return
      await look()
    }
  }

  async function look(): Promise<void> {
    try {
      const fresh = await readPair(files)
      refused = undefined
      const isSame = fresh.cert.equals(credentials.cert) && fresh.key.equals(credentials.key)
      if (isSame || closing.signal.aborted) return
      credentials = fresh
      for (const server of servers) server.setSecureContext({ ...credentials })
      log.info('the certificate was read anew')
    } catch (cause) {
      // While a renewal is half done they are no pair: a later look finds them whole.
      const why = cause instanceof HindraError ? cause.message : 'for an unknown reason'
      if (why === refused) return
      refused = why
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
    reload() {
      refused = undefined
      return look()
    },
    close() {
      closing.abort()
    },
  }
}

async function readPair(files: {
  readonly cert: string
  readonly key: string
}): Promise<Credentials> {
  const credentials = {
    cert: await readOne('server.tlsCertFile', files.cert),
    key: await readOne('server.tlsKeyFile', files.key),
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

async function readOne(setting: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'for an unknown reason'
    throw new HindraError('INVALID_CONFIG', `${setting} cannot be read: ${why}`, { cause })
  }
}
