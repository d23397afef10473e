import { own } from '../../../core/index.ts'
import { HindraError } from '../../../errors.ts'
import type { FileOptions } from '../run-feed.ts'
import type { NatsOptions } from './options.ts'

/** What is said of a source on NATS, checked. */
export interface NatsSettings {
  /** `nats://host:port`, of one cluster. */
  readonly servers: readonly string[]
  readonly isTls: boolean
  readonly stream: string
  readonly consumer: string
  /** Where answers are published. */
  readonly answers: string | undefined
  /** What is made where it is missing. */
  readonly create: { readonly subject: string | undefined; readonly replicas: number } | undefined
  readonly inFlightMax: number
  readonly follow: boolean
  readonly access: NatsKeyring
}

/** Names of files, and what stands in the environment: by the names that NATS's own tools have for them. */
export interface NatsKeyring {
  readonly credsFile: string | undefined
  readonly nkeyFile: string | undefined
  readonly user: string | undefined
  readonly password: string | undefined
  readonly token: string | undefined
  readonly caFile: string | undefined
  readonly certFile: string | undefined
  readonly keyFile: string | undefined
}

const IN_FLIGHT = 128
const IN_FLIGHT_MAX = 10_000
/** As many as a stream can have. */
const REPLICAS_MAX = 5

/** What NATS takes for a name (ADR-6). */
const NAME = /^[^\s.*>/\\\p{Cc}]{1,255}$/u
/** Tokens between dots; a subject of answers has no wildcard. */
const SUBJECT = /^[^\s.*>\p{Cc}]+(?:\.[^\s.*>\p{Cc}]+)*$/u
const FILTER = /^(?:[^\s.*>\p{Cc}]+|\*)(?:\.(?:[^\s.*>\p{Cc}]+|\*))*(?:\.>)?$/u

/** Throws INVALID_INPUT. */
export function readNats(
  source: string,
  options: NatsOptions & FileOptions,
  env: NodeJS.ProcessEnv,
): NatsSettings {
  for (const flag of ['state', 'fetch', 'report']) {
    if (Object.hasOwn(options, flag)) throw invalid(`--${flag} belongs to files`)
  }
  const { create, subject, replicas, creds, ca } = options
  if (create === undefined && (subject ?? replicas) !== undefined) {
    throw invalid('--subject and --replicas belong to --create')
  }
  const urls = source.split(',').map(urlOf)
  const answers = options.answers
  if (answers !== undefined && !SUBJECT.test(answers)) throw invalid('--answers: is no subject')
  if (subject !== undefined && subject !== '>' && !FILTER.test(subject)) {
    throw invalid('--subject: is no subject')
  }
  const isTls = urls.some(({ protocol }) => protocol === 'tls:')
  const set = (name: string) => {
    const value = own(env, name)
    return value === '' ? undefined : value
  }
  return {
    servers: urls.map(({ host }) => `nats://${host}`),
    isTls,
    stream: named('--stream', options.stream),
    consumer: named('--consumer', options.consumer),
    answers,
    create:
      create === undefined
        ? undefined
        : { subject, replicas: numbered('--replicas', replicas, 1, REPLICAS_MAX) },
    inFlightMax: numbered('--in-flight', options.inFlight, IN_FLIGHT, IN_FLIGHT_MAX),
    follow: options.follow ?? false,
    access: {
      credsFile: creds ?? set('NATS_CREDS'),
      nkeyFile: set('NATS_NKEY'),
      user: set('NATS_USER'),
      password: set('NATS_PASSWORD'),
      token: set('NATS_TOKEN'),
      caFile: ca ?? set('NATS_CA'),
      certFile: set('NATS_CERT'),
      keyFile: set('NATS_KEY'),
    },
  }
}

function urlOf(text: string): URL {
  const url = URL.parse(text)
  const isOne = url !== null && /^(?:nats|tls):$/.test(url.protocol) && url.host !== ''
  if (!isOne || !/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    throw invalid('the source is no nats://host:port, or several with commas between them')
  }
  if (url.username !== '' || url.password !== '') {
    // Every user of the machine can read it in the list of processes.
    throw invalid('nats:// takes no password: --creds, NATS_USER and NATS_PASSWORD do')
  }
  return url
}

function named(flag: string, name: string | undefined): string {
  if (name === undefined) throw invalid(`${flag} is missing`)
  if (!NAME.test(name)) throw invalid(`${flag}: has no spaces, dots, slashes, * or >`)
  return name
}

function numbered(flag: string, text: string | undefined, usual: number, max: number): number {
  const number = text === undefined ? usual : Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= max) return number
  throw invalid(`${flag}: is no number from 1 to ${max}`)
}

function invalid(why: string): HindraError {
  return new HindraError('INVALID_INPUT', why)
}
