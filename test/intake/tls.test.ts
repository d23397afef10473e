import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { selfSigned } from './certificate.ts'
import { loopbackFetcher } from './hosts.ts'

let requests = 0
const server = createServer(selfSigned, (_request, response) => {
  requests += 1
  response.end('seen')
})

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(() => {
  vi.unstubAllEnvs()
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

it.each(['', '0'])(
  'a certificate nobody trusts is refused (NODE_TLS_REJECT_UNAUTHORIZED=%j)',
  async (value) => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', value)
    const { port } = server.address() as AddressInfo
    const fetcher = loopbackFetcher([port])
    for (const host of ['media.example', '127.0.0.1']) {
      await expect(fetcher.fetch(`https://${host}:${port}/`)).rejects.toMatchObject({
        code: 'TLS_FAILED',
        message: expect.stringContaining('(DEPTH_ZERO_SELF_SIGNED_CERT)') as string,
      })
    }
    await fetcher.close()
    expect(requests).toBe(0)
  },
)
