import { describe, it } from 'vitest'
import { tableResolver } from './table-resolver.ts'
import type { HostileServer } from './hostile-behaviour.ts'
import { HOSTILE_SERVERS } from './hostile-servers.ts'
import { type Host, httpHost, loopbackFetcher, rawHost } from './hosts.ts'

function hostOf({ http, raw = '' }: HostileServer): Promise<Host> {
  if (http !== undefined) return httpHost(http)
  return rawHost((socket) => {
    socket.once('data', () => {
      if (typeof raw === 'string') socket.end(raw)
      else raw(socket)
    })
  })
}

describe.concurrent('a hostile server', () => {
  it.for(HOSTILE_SERVERS)('that sends $name', async (row, { expect }) => {
    const host = await hostOf(row)
    const resolver = tableResolver({ 'media.example': ['127.0.0.1'], ...row.names })
    const settings = {
      'fetch.bytesMax': 1_000_000,
      'fetch.wireBytesMax': 2_000_000,
      // A busy machine takes its time over a bomb; rows about slowness have shorter times of their own.
      'fetch.firstByteSeconds': 50,
      'fetch.totalSeconds': 50,
      ...row.settings,
    }
    const fetcher = loopbackFetcher([host.port, 80], settings, resolver)
    const fetching = fetcher.fetch(`http://media.example:${host.port}/hidden`)
    await expect(fetching).rejects.toMatchObject({
      code: row.code,
      message: expect.stringContaining(row.says) as string,
    })
    await expect(fetching).rejects.not.toThrow(/hidden|127\.0|passw|example/)
    await fetcher.close()
    await host.close()
  })
})
