import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NewKey, PersonView, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { ManualClock, systemRandom } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { type Server, startServer } from '../../src/http/index.ts'
import { createFetcher, type Fetcher } from '../../src/intake/index.ts'
import { tableResolver } from '../intake/table-resolver.ts'
import { OPERATOR } from '../../src/access/index.ts'
import { type Api, createApi } from './api.ts'
import { listedUrls, type MailServer, startMailServer } from './mail-server.ts'
import { type Provider, startProvider } from './provider.ts'
import { rowsOf, type SmallerHosts, startSmallerHosts } from './smaller-hosts.ts'

export const POLICE = 'tips@police.example'
/** The regulator in the jurisdiction of the demo's policy. */
export const REGULATOR = 'regulator@fi.example'
const RETURN_PATH = 'bounces@hotline.example'

/** The story begins on a Monday morning; only the story moves this clock. */
const STORY_START = Date.parse('2026-11-02T08:00:00.000Z')

export const CAST = {
  analyst: {
    name: 'Anna Analyst',
    pseudonym: 'A-01',
    kind: 'person',
    roles: ['analyst', 'verifier'],
  },
  verifier: { name: 'Bo Verifier', pseudonym: 'V-01', kind: 'person', roles: ['verifier'] },
  officer: { name: 'Ola Officer', pseudonym: 'O-01', kind: 'person', roles: ['officer'] },
  pipeline: { name: 'Takedown pipeline', pseudonym: 'P-01', kind: 'machine', roles: ['pipeline'] },
  crawler: { name: 'Crawler', pseudonym: 'C-01', kind: 'machine', roles: ['crawler-verdict'] },
} as const satisfies Record<
  string,
  { name: string; pseudonym: string; kind: 'person' | 'machine'; roles: readonly Role[] }
>
export type Actor = keyof typeof CAST

/** Everything real that the story needs, on loopback. */
export interface World {
  readonly clock: ManualClock
  readonly engine: Engine
  readonly server: Server
  readonly removing: Provider
  readonly ignoring: Provider
  readonly smaller: SmallerHosts
  readonly mail: MailServer
  readonly fetcher: Fetcher
  readonly api: Readonly<Record<Actor, Api>>
  readonly keys: Readonly<Record<Actor, string>>
  readonly directory: string
  /** Where what comes back to notices is delivered to, and its address. */
  readonly maildir: string
  readonly returnPath: string
  /** Ends all servers; the data directory stays. */
  stop(): Promise<void>
  removeData(): Promise<void>
}

/** @param storeUrl A PostgreSQL database that holds the store, for those that are not to use a directory */
export async function startWorld(
  onNotice: (provider: Provider, urls: readonly string[]) => void,
  storeUrl?: string,
) {
  const removing = await startProvider({
    name: 'Quick Pictures AB',
    hostname: 'quickpictures.example',
    address: '127.0.0.2',
    abuseContact: 'abuse@quickpictures.example',
  })
  const ignoring = await startProvider({
    name: 'Deaf Hosting Ltd',
    hostname: 'deafhosting.example',
    address: '127.0.0.3',
    abuseContact: 'abuse@deafhosting.example',
  })
  const smaller = await startSmallerHosts()
  const providers: readonly Provider[] = [removing, ignoring, ...Object.values(smaller)]
  const mail = await startMailServer(
    [...providers.map(({ abuseContact }) => abuseContact), POLICE, REGULATOR],
    (address, received) => {
      const provider = providers.find(({ abuseContact }) => abuseContact === address)
      if (provider !== undefined) onNotice(provider, listedUrls(received))
    },
  )

  const directory = await mkdtemp(join(tmpdir(), 'hindra-demo-'))
  const maildir = await mkdtemp(join(tmpdir(), 'hindra-demo-mail-'))
  for (const folder of ['new', 'cur', 'tmp']) await mkdir(join(maildir, folder))
  const config = configWith({
    data: directory,
    'server.port': 0,
    ...(storeUrl !== undefined && { 'store.url': storeUrl }),
    'log.level': 'silent',
    'features.store': true,
    'fetch.allowNetworks': ['127.0.0.0/8'],
    'fetch.allowPorts': providers.map(({ port }) => port),
    'mail.port': mail.port,
    'policy.directory': join(import.meta.dirname, 'policy'),
    'mail.from': 'notices@hotline.example',
    'mail.organisation': 'The Example Hotline',
    'mail.returnPath': RETURN_PATH,
    'inbox.maildir': maildir,
    'route.addresses': { police: POLICE },
    'tipline.page': true,
    'recheck.canaryUrl': `${removing.origin}/`,
    'trace.providers': [
      providerRow(removing, 'SE', '127.0.0.2/32'),
      providerRow(ignoring, 'NL', '127.0.0.3/32'),
      ...rowsOf(smaller),
    ],
  })
  const resolver = tableResolver(
    Object.fromEntries(providers.map(({ hostname, address }) => [hostname, [address]])),
  )
  const clock = new ManualClock(STORY_START)
  const dataKey = systemRandom.bytes(32)
  const engine = await createEngine({ config, clock, resolver, dataKey })
  const server = await startServer({ engine })
  const url = server.url
  if (url === undefined) throw new Error('the server does not listen on TCP')

  const keys = {} as Record<Actor, string>
  const api = {} as Record<Actor, Api>
  for (const [actor, person] of Object.entries(CAST)) {
    const added: PersonView = await engine.as(OPERATOR).people.add(person)
    const key: NewKey = await engine.as(OPERATOR).keys.create({ personId: added.id, label: 'demo' })
    keys[actor as Actor] = key.secret
    api[actor as Actor] = createApi(url, key.secret)
  }
  const fetcher = createFetcher({ settings: config.fetch, resolver })

  const world: World = {
    clock,
    engine,
    server,
    removing,
    ignoring,
    smaller,
    maildir,
    returnPath: RETURN_PATH,
    mail,
    fetcher,
    api,
    keys,
    directory,
    async stop() {
      await server.close()
      await engine.shutdown()
      await fetcher.close()
      await Promise.all([...providers, mail].map((server) => server.close()))
    },
    async removeData() {
      await rm(directory, { recursive: true, force: true })
      await rm(maildir, { recursive: true, force: true })
    },
  }
  return world
}

function providerRow(provider: Provider, country: string, network: string) {
  const { name, abuseContact } = provider
  return { name, country, abuseContact, domains: [], networks: [network] }
}
