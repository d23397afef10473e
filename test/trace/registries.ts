import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configWith } from '../../src/config.ts'
import { defined, ManualClock } from '../../src/core/index.ts'
import { policyFiles } from '../../src/policy/index.ts'
import { createFetcher, systemResolver } from '../../src/intake/index.ts'
import {
  createTrace,
  type IpTables,
  originByCommand,
  type Overrides,
  type Trace,
} from '../../src/trace/index.ts'
import { type NameEntry, nameServer } from '../intake/name-server.ts'

/** An answer of the registry to a path: an object, or what it does instead. */
export type RdapAnswerOf = object | ((response: ServerResponse) => void)

export interface TraceWorld {
  readonly trace: Trace
  readonly clock: ManualClock
  /** Paths that were asked for, in order. */
  readonly asked: string[]
  /** `ip/192.0.2.1` to its answer; the test may change them. */
  readonly answers: Map<string, RdapAnswerOf>
  dispose(): Promise<void>
}

/** Trace as it is in service, with a real DNS server and a real RDAP server on loopback. */
export async function openTrace(options: {
  readonly names: Readonly<Record<string, NameEntry>>
  readonly answers?: Readonly<Record<string, RdapAnswerOf>>
  readonly settings?: Readonly<Record<string, unknown>>
  readonly tables?: IpTables
  readonly overrides?: Overrides
  readonly originCommand?: string
}): Promise<TraceWorld> {
  const dns = await nameServer(options.names)
  const asked: string[] = []
  const answers = new Map(Object.entries(options.answers ?? {}))
  const server = createServer((request, response) => {
    const path = decodeURI((request.url ?? '').slice(1))
    asked.push(path)
    const answer = answers.get(path)
    if (typeof answer === 'function') {
      answer(response)
      return
    }
    response.writeHead(answer === undefined ? 404 : 200, {
      'content-type': 'application/rdap+json',
    })
    response.end(JSON.stringify(answer ?? { errorCode: 404 }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const directory = registryFiles(`http://127.0.0.1:${port}/`)

  const config = configWith({
    'fetch.allowNetworks': ['127.0.0.0/8'],
    'fetch.allowPorts': [port],
    'fetch.totalSeconds': 1,
    'fetch.firstByteSeconds': 1,
    ...options.settings,
  })
  const clock = new ManualClock(Date.parse('2026-11-02T08:00:00Z'))
  const resolver = systemResolver([dns.address])
  const fetcher = createFetcher({ settings: config.fetch, resolver })
  const { tables, overrides, originCommand } = options
  const trace = createTrace(
    { clock },
    {
      settings: config.trace,
      resolver,
      fetcher,
      files: policyFiles(directory),
      ...defined({ tables }),
      ...(originCommand === undefined ? {} : { originOf: originByCommand(originCommand, 5) }),
      ...(overrides === undefined ? {} : { overrideOf: (host: string) => overrides.find(host) }),
    },
  )
  return {
    trace,
    clock,
    asked,
    answers,
    async dispose() {
      await fetcher.close()
      server.closeAllConnections()
      server.close()
      await dns.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Bootstrap registries that name this one server for everything. */
function registryFiles(url: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-rdap-'))
  mkdirSync(join(directory, 'rdap'))
  const everything = {
    ipv4: ['0.0.0.0/0'],
    ipv6: ['::/0'],
    asn: ['1-4294967294'],
    dns: ['com', 'net', 'se'],
  }
  for (const [name, entries] of Object.entries(everything)) {
    const content = JSON.stringify({ version: '1.0', services: [[entries, [url]]] })
    writeFileSync(join(directory, 'rdap', `${name}.json`), content)
  }
  return directory
}

/** An RDAP entity with a role and a mail address. */
export function entity(role: string, name: string, mail?: string, inner: object[] = []): object {
  const card = [
    ['version', {}, 'text', '4.0'],
    ['fn', {}, 'text', name],
    ...(mail === undefined ? [] : [['email', {}, 'text', mail]]),
  ]
  return {
    objectClassName: 'entity',
    roles: [role],
    vcardArray: ['vcard', card],
    entities: inner,
  }
}

export function network(country: string, ...entities: object[]): object {
  return { objectClassName: 'ip network', name: 'NET-1', country, entities }
}
