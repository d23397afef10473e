import { readFile, stat } from 'node:fs/promises'
import { BlockList, isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Principal } from '../../access/index.ts'
import type { Config } from '../../config.ts'
import type { Engine } from '../../engine.ts'
import { HindraError } from '../../errors.ts'

/** Whether HMA's API is asked, also where it has no such route. */
export function isOfHma({ url }: Pick<FastifyRequest, 'url'>): boolean {
  return url.startsWith('/hma/')
}

/** Who sends no key, by HMA's API, from a network that the house trusts. */
export interface NetworkTrust {
  /** Undefined where that is not so. Throws INVALID_CONFIG, and as a request with that key. */
  principalOf(request: FastifyRequest): Promise<Principal | undefined>
}

/** Throws INVALID_CONFIG where a network is trusted and nobody is named that its clients are. */
export function createNetworkTrust(
  engine: Pick<Engine, 'authenticate'>,
  { trustedNetworks, keyFile }: Config['hma'],
): NetworkTrust {
  if (trustedNetworks.length === 0) return { principalOf: () => Promise.resolve(undefined) }
  if (keyFile === undefined) {
    throw new HindraError('INVALID_CONFIG', 'hma.trustedNetworks needs hma.keyFile', {
      field: 'hma.keyFile',
    })
  }
  const trusted = new BlockList()
  for (const network of trustedNetworks) {
    const [address = '', bits = ''] = network.split('/')
    trusted.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4')
  }

  const key = keyIn(keyFile)
  async function lookingUp(): Promise<Principal> {
    const principal = await engine.authenticate(await key())
    if (principal.roles.every((role) => role === 'hma-client')) return principal
    // An address is no key: what proposes, or is shown evidence, must prove who it is.
    throw new HindraError('FORBIDDEN', 'the key in hma.keyFile has more roles than hma-client')
  }

  return {
    async principalOf(request) {
      const { ip, headers } = request
      if (headers.authorization !== undefined || !isOfHma(request)) return undefined
      return trusted.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4') ? lookingUp() : undefined
    },
  }
}

/** The key in a file, which is read anew once it is another file or was written to: so a key is renewed. */
function keyIn(path: string): () => Promise<string> {
  let read: { readonly state: string; readonly key: string } | undefined
  return async () => {
    try {
      const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
      const state = [ino, size, mtimeNs, ctimeNs].join(' ')
      if (read?.state !== state) read = { state, key: (await readFile(path, 'utf8')).trim() }
      return read.key
    } catch (cause) {
      throw new HindraError('INVALID_CONFIG', 'hma.keyFile cannot be read', { cause })
    }
  }
}
