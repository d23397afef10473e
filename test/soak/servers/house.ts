import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import { Cable } from '../../../fixtures/servers/cable.ts'
import { freePort } from '../../../fixtures/servers/free-port.ts'
import { hasNats, NatsServer, NO_NATS } from '../../../fixtures/servers/nats.ts'
import {
  NO_POSTGRES,
  postgresPrograms,
  PostgresServer,
} from '../../../fixtures/servers/postgres.ts'
import { LOOPBACK, type Place } from '../../../fixtures/servers/place.ts'
import { SetClock } from '../../../fixtures/servers/set-clock.ts'
import { SmallDisk } from '../../../fixtures/servers/small-disk.ts'
import { defined, MINUTE_MS } from '../../../src/core/index.ts'
import { createHome, type Home, type RunOptions } from '../../cli/hindra.ts'
import { type Provider, startProvider } from '../../demo/provider.ts'
import { TcpProxy } from '../../store/tcp-proxy.ts'
import { type MailServer, openMailServer } from '../../takedown/mail-server.ts'
import type { Line } from './history.ts'
import { Watched } from './watched.ts'

export const SCHEMA = 'house'
export const STREAM = 'SEEN'
export const SUBJECT = 'seen.soak'
/** Room for the database, its log, and what is kept of each minute, up to an hour of it: what fills it up is in memory. */
const DISK_MIB = { least: 768, perMinute: 128, most: 2_048 }
/** On a machine that has much else to do, too. */
const READY_WITHIN_MS = 5 * MINUTE_MS
const READY_EACH_MS = 100

/** The servers of the house, by name: what they do, and whether somebody sets their clocks. */
const SERVERS = [
  { name: 'api', roles: 'api,console', isSet: false },
  { name: 'matcher-1', roles: 'api,matcher', isSet: false },
  { name: 'matcher-2', roles: 'api,matcher', isSet: false },
  { name: 'matcher-3', roles: 'api,matcher', isSet: true },
  { name: 'dispatcher-1', roles: 'dispatcher', isSet: false },
  { name: 'dispatcher-2', roles: 'dispatcher', isSet: true },
] as const

const PEOPLE = {
  anna: ['analyst'],
  anton: ['analyst'],
  vera: ['verifier'],
  ola: ['officer'],
  pipeline: ['pipeline'],
  auditor: ['auditor'],
  crawler: ['crawler-verdict'],
} as const
type Who = keyof typeof PEOPLE

/** A server of the house, on a machine of its own: its cable, its network to PostgreSQL, its relay, its clock. */
export interface Machine {
  readonly server: Watched
  readonly cable: Cable
  readonly network: TcpProxy
  readonly relay: MailServer
  readonly clock: SetClock
  readonly isSet: boolean
  /** Its server answers here. */
  readonly place: Place
  /** What is to happen when its relay has the next mail, before it answers. */
  readonly handed: { next: (() => void) | undefined }
  /** Resolves once it takes work. Throws where it does not. */
  ready(): Promise<void>
  end(): Promise<void>
}

export interface House {
  readonly postgres: PostgresServer
  readonly disk: SmallDisk
  readonly nats: NatsServer
  readonly hosts: readonly Provider[]
  readonly machines: readonly Machine[]
  /** `hindra feed` from NATS. */
  readonly feeder: Watched
  /** What stands before all that answer programs: where they are asked. */
  readonly balancer: TcpProxy
  readonly url: string
  readonly keys: Readonly<Record<Who, string>>
  end(): Promise<void>
}

/**
 * A house of several servers, all real, whose relays tell what they are handed.
 *
 * @param minutes How long it is to be at work
 * @param bin The command of the version that makes it and that it begins with; this tree's where undefined
 */
export async function openHouse(
  record: (line: Line) => void,
  minutes: number,
  bin: string | undefined,
): Promise<House> {
  if (postgresPrograms === undefined) throw new Error(NO_POSTGRES)
  if (!hasNats) throw new Error(NO_NATS)
  /** What is to be ended, the last first. */
  const parts: { end(): Promise<void> | void }[] = []
  const end = async () => {
    for (const part of parts.splice(0).reverse()) await part.end()
  }
  try {
    return { ...(await open()), end }
  } catch (error) {
    await end()
    throw error
  }

  async function open(): Promise<Omit<House, 'end'>> {
    const home = createHome()
    parts.push({ end: () => home.dispose() })
    const { least, perMinute, most } = DISK_MIB
    const disk = new SmallDisk(Math.min(least + perMinute * Math.ceil(minutes), most))
    parts.push(disk)
    const postgres = await PostgresServer.start(disk.directory)
    parts.push(postgres)
    const nats = await NatsServer.start()
    parts.push(nats)
    const hosts: Provider[] = []
    for (const name of ['Alpha', 'Beta']) {
      // Nobody pulls it: it is where the host has its address, for all machines.
      const cable = await Cable.lay()
      parts.push(cable)
      const one = await host(name, cable.near)
      parts.push({ end: () => one.close() })
      hosts.push(one)
    }
    const file = writeSettings(home, hosts)
    const there = { HINDRA_STORE: postgres.url(SCHEMA), HINDRA_CONFIG: file }
    const made = { env: there, ...defined({ bin }) }
    await home.json(['init', '--admin', 'Ada'], made)
    const keys = {} as Record<Who, string>
    for (const [name, roles] of Object.entries(PEOPLE)) {
      keys[name as Who] = (await home.personWith(made, name, ...roles)).key
    }

    const machines: Machine[] = []
    for (const { name, roles, isSet } of SERVERS) {
      const env = { ...there, HINDRA_DATA_KEY_FILE: join(home.data, 'data.key') }
      const options = { env, ...defined({ bin }) }
      const machine = await openMachine({ name, roles, isSet }, options, { home, postgres, record })
      parts.push(machine)
      machines.push(machine)
    }
    const asked = machines.filter((_, n) => SERVERS[n]?.roles.includes('api'))
    const balancer = await TcpProxy.at(
      LOOPBACK,
      asked.map(({ place }) => place),
    )
    parts.push({ end: () => balancer.close() })
    const url = `http://${balancer.host}:${balancer.port}`
    for (const machine of machines) await machine.ready()
    const from = ['feed', nats.url, '--stream', STREAM, '--consumer', 'hindra', '--follow']
    const create = ['--create', '--subject', SUBJECT]
    const feeding = { key: keys.crawler, env: { HINDRA_URL: url }, ...defined({ bin }) }
    const feeder = new Watched('feeder', home, [...from, ...create], feeding)
    parts.push(feeder)
    return { postgres, disk, nats, hosts, machines, feeder, balancer, url, keys }
  }
}

async function openMachine(
  {
    name,
    roles,
    isSet,
  }: {
    readonly name: string
    readonly roles: string
    readonly isSet: boolean
  },
  begun: RunOptions,
  {
    home,
    postgres,
    record,
  }: {
    readonly home: Home
    readonly postgres: PostgresServer
    readonly record: (line: Line) => void
  },
): Promise<Machine> {
  const cable = await Cable.lay()
  const network = await TcpProxy.at(cable.near, [postgres.place])
  const clock = new SetClock()
  const handed: Machine['handed'] = { next: undefined }
  const relay = await openMailServer({
    host: cable.near,
    onTaken({ to, parsed }) {
      const urls = (parsed.text ?? '').match(/seen-[a-z]+-\d+/g) ?? []
      const mail = parsed.messageId ?? ''
      record({ mail, at: performance.now(), by: name, to: to.join(), urls: [...new Set(urls)] })
      handed.next?.()
    },
  })
  const options = {
    ...begun,
    within: cable.within,
    env: {
      ...begun.env,
      HINDRA_STORE: postgres.url(SCHEMA, network),
      HINDRA_DATA: join(home.directory, name),
      HINDRA_MAIL_HOST: cable.near,
      HINDRA_MAIL_PORT: String(relay.port),
      ...(isSet && clock.environment),
    },
  }
  const place = { host: cable.far, port: await freePort() }
  const listen = ['--host', place.host, '--port', String(place.port), '--insecure']
  const args = ['serve', '--roles', roles, ...listen]
  const server = new Watched(name, home, args, options)
  return {
    server,
    place,
    cable,
    network,
    relay,
    clock,
    isSet,
    handed,
    ready: () => untilReady(`http://${place.host}:${place.port}/readyz`, server),
    async end() {
      await server.end()
      await network.close()
      await relay.close()
      await cable.end()
      clock.end()
    },
  }
}

function host(name: string, address: string): Promise<Provider> {
  const hostname = `${name.toLowerCase()}.example`
  return startProvider({ name, hostname, address, abuseContact: `abuse@${hostname}` })
}

function writeSettings(home: Home, hosts: readonly Provider[]): string {
  const file = join(home.directory, 'hindra.yaml')
  const providers = hosts.map(({ name, abuseContact, address }) => ({
    name,
    abuseContact,
    country: 'MD',
    networks: [`${address}/32`],
  }))
  const settings = {
    mail: { from: 'notices@hotline.example', timeoutSeconds: 5 },
    trace: { registries: false, providers },
    fetch: {
      allowNetworks: hosts.map(({ address }) => `${address}/32`),
      allowPorts: hosts.map(({ port }) => port),
    },
    server: { tickSeconds: 0.5 },
    takedown: {
      lookMinutes: 1_440,
      // A turn of many letters is one that can be lost in the middle.
      urlsPerMailMax: 1,
      mailsPerRecipientDay: 100_000,
      retryMinutes: 0.02,
      attemptsMax: 100,
    },
    recheck: { missesNeeded: 1, missGapHours: 0 },
    route: { approveContacts: false },
    sightings: { retrySeconds: 0.5, retryMinutesMax: 0.1, attemptsMax: 100 },
    // Many copies of few items, in a short time, are what it is made of.
    register: { floodCasesPerHour: 0 },
    limits: { hashHitsPerHour: 0, readsPerMinute: 0, writesPerMinute: 0, feedsPerMinute: 0 },
    log: { level: 'warn' },
  }
  writeFileSync(file, stringify(settings))
  return file
}

async function untilReady(url: string, server: Watched): Promise<void> {
  const until = performance.now() + READY_WITHIN_MS
  while (performance.now() < until) {
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    await sleep(READY_EACH_MS)
  }
  throw new Error(`${server.name} is not ready: ${server.said}`)
}
