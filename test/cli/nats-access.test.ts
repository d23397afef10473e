import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConsumerConfig } from '@nats-io/jetstream'
import {
  credsAuthenticator,
  nanos,
  nkeyAuthenticator,
  nkeys,
  type NodeConnectionOptions,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hasNats, NatsServer, NO_NATS } from '../../fixtures/servers/nats.ts'
import { blocksOf, textOf } from '../docs/page.ts'
import { type NatsHouse, startNatsHouse } from './nats-house.ts'

if (!hasNats) console.warn(NO_NATS)

const PASSWORD = 'correct horse battery staple'

describe.skipIf(!hasNats)('hindra feed nats://, and who may what', () => {
  let house: NatsHouse
  let other: NatsServer | undefined
  beforeAll(async () => {
    house = await startNatsHouse()
  })
  afterEach(async () => {
    await other?.end()
    other = undefined
  })
  afterAll(() => house.end())

  const file = (name: string, text: string | Uint8Array) => {
    const path = join(house.home.directory, name)
    writeFileSync(path, text)
    return path
  }

  function certificate(): readonly [cert: string, key: string] {
    const [cert, key] = [
      join(house.home.directory, 'cert.pem'),
      join(house.home.directory, 'key.pem'),
    ]
    const made = `req -x509 -newkey rsa:2048 -nodes -subj /CN=nats -addext subjectAltName=DNS:localhost -keyout ${key} -out ${cert}`
    execFileSync('openssl', made.split(' '), { stdio: 'ignore' })
    return [cert, key]
  }

  /** Feeds one message by a server of its own settings, as its operator publishes it. */
  async function feedBy(
    settings: readonly string[],
    operator: NodeConnectionOptions,
    env: Readonly<Record<string, string>>,
    ...flags: readonly string[]
  ) {
    other = await NatsServer.start(...settings)
    const { streams, manager } = await other.operator(operator)
    await manager.streams.add({ name: 'SEEN', subjects: ['seen.>'], retention: 'workqueue' })
    await manager.streams.add({ name: 'TOLD', subjects: ['told'] })
    await manager.consumers.add('SEEN', { durable_name: 'hindra', ack_policy: 'explicit' })
    await streams.publish('seen.a', JSON.stringify(house.miss('a')))
    const feed = (more: Readonly<Record<string, string>>, ...given: readonly string[]) =>
      house.home.run(
        [...house.args('SEEN', ...given), '--answers', 'told'].map((word) =>
          word === house.nats.url ? (other?.url ?? '') : word,
        ),
        { key: house.keys.told, env: { HINDRA_URL: house.url, ...more } },
      )
    const fed = await feed(env, ...flags)
    const { messages } = (await manager.streams.info('SEEN')).state
    return { ...fed, left: messages, feed }
  }

  const PASSED = { code: 0, left: 0 }
  const asAda = usernamePasswordAuthenticator('ada', PASSWORD)
  const ada = { authenticator: asAda }
  const USER = `{ user: ada, password: ${JSON.stringify(PASSWORD)} }`

  it('takes user and password from the environment, says nothing of them, and ends where they do not pass', async () => {
    const passed = { NATS_USER: 'ada', NATS_PASSWORD: PASSWORD }
    const done = await feedBy([`authorization { users = [ ${USER} ] }`], ada, passed)
    expect(done).toMatchObject(PASSED)
    const refused = await done.feed({ NATS_USER: 'ada', NATS_PASSWORD: 'wrong horse' })
    expect(refused.code).toBe(3)
    expect(refused.stderr).toMatch(/^NATS_REFUSED: Authorization Violation/m)
    expect(refused.stderr + refused.stdout + done.stderr).not.toMatch(/horse/)
    expect((await done.feed({})).stderr).toMatch(/^NATS_REFUSED: /m)
  })

  it('takes an nkey, by the file of its seed', async () => {
    const user = nkeys.createUser()
    const seed = user.getSeed()
    const settings = [`authorization { users = [ { nkey: ${user.getPublicKey()} } ] }`]
    const operator = { authenticator: nkeyAuthenticator(seed) }
    const NATS_NKEY = file('user.nk', `${Buffer.from(seed).toString()}\n`)
    expect(await feedBy(settings, operator, { NATS_NKEY })).toMatchObject(PASSED)
  })

  it('takes a file of credentials', async () => {
    const { settings, creds } = operatorMode()
    const operator = { authenticator: credsAuthenticator(Buffer.from(creds)) }
    const path = file('ada.creds', creds)
    const done = await feedBy(settings, operator, {}, '--creds', path)
    expect(done).toMatchObject(PASSED)
    const gone = await done.feed({}, '--creds', `${path}.gone`)
    expect([gone.code, gone.stderr]).toEqual([
      2,
      expect.stringMatching(/^INVALID_INPUT: .*ada\.creds\.gone cannot be read/m) as string,
    ])
  })

  it('trusts the certificates that it is given, and no others', async () => {
    const [cert, key] = certificate()
    const settings = [`tls { cert_file: ${cert}, key_file: ${key} }`]
    const operator = { tls: { caFile: cert } }
    const done = await feedBy(settings, operator, {}, '--ca', cert)
    expect(done).toMatchObject(PASSED)
    const refused = await done.feed({})
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringMatching(/^NATS_REFUSED: .*self-signed/m) as string,
    ])
  })

  it('needs no more than the permissions of the manual, and each of them', async () => {
    const [cert, key] = certificate()
    const conf = blocksOf(textOf('docs/nats.md')).find(({ kind }) => kind === 'conf')?.text ?? ''
    const listed = /user: feeder[^]*?publish: \[([^\]]*)\]/.exec(conf)?.[1] ?? ''
    const permissions = Array.from(listed.matchAll(/"([^"]+)"/g), ([, subject = '']) => subject)
    expect(permissions).toHaveLength(6)
    const here = conf
      .replace(/^listen.*$/m, '')
      .replace('/var/lib/nats', join(house.home.directory, 'nats'))
      .replace('/etc/nats/cert.pem', cert)
      .replace('/etc/nats/key.pem', key)
      .replaceAll(/\$(\w+)_PASSWORD/g, '"$1"')
    const feed = (user: string, ...flags: readonly string[]) =>
      house.home.run(
        [
          ...['feed', other?.url.replace('nats:', 'tls:') ?? '', '--stream', 'SIGHTINGS'],
          ...['--consumer', 'hindra', '--answers', 'answers.hindra', '--ca', cert, ...flags],
        ],
        {
          key: house.keys.told,
          env: {
            HINDRA_URL: house.url,
            NATS_USER: user,
            NATS_PASSWORD: user.toUpperCase(),
          },
        },
      )
    for (const missing of [undefined, ...permissions]) {
      other = await NatsServer.start(here.replace(`"${missing ?? ''}"`, ''))
      expect(await feed('setup', '--create', '--subject', 'sightings.>')).toMatchObject({ code: 0 })
      const { streams } = await other.operator({
        user: 'crawler',
        pass: 'CRAWLER',
        tls: { caFile: cert },
      })
      await streams.publish('sightings.a', JSON.stringify(house.miss('a')))
      const { code, stderr } = await feed('feeder')
      expect([missing, code]).toEqual([missing, missing === undefined ? 0 : 3])
      if (missing !== undefined) expect(stderr).toContain('NATS_REFUSED: Permissions Violation')
      await other.end()
      rmSync(join(house.home.directory, 'nats'), { recursive: true })
    }
  })

  it.each<[says: string, config: Partial<ConsumerConfig>]>([
    ['ack_policy is none, not explicit', { ack_policy: 'none' }],
    ['ack_policy is all, not explicit', { ack_policy: 'all' }],
    ['deliver_policy is last, not all', { deliver_policy: 'last' }],
    ['max_deliver is 5, not -1', { max_deliver: 5 }],
    ['it pushes (deliver_subject)', { deliver_subject: 'pushed' }],
    ['headers_only is set', { headers_only: true }],
    ['inactive_threshold deletes it', { inactive_threshold: nanos(60_000) }],
    ['ack_wait or backoff is under 3 s', { ack_wait: nanos(1_000) }],
  ])('refuses a consumer that loses sightings: %s', async (says, config) => {
    const { stream, subject } = await house.stream({ retention: 'limits' }, config)
    await house.publish(subject, house.miss('kept'))
    const { code, stderr } = await house.feed(stream)
    expect([code, stderr]).toEqual([2, expect.stringContaining(`hindra: ${says}`) as string])
    expect(stderr).toMatch(/^NATS_UNSAFE: [^\n]*\n {2}Name another consumer/m)
    // What its remedy says.
    const args = house.args(stream, '--create').map((word) => (word === 'hindra' ? 'safe' : word))
    const fed = { key: house.keys.told, env: { HINDRA_URL: house.url } }
    const done = await house.home.run(args, fed)
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('"none"') as string])
  })

  it('tells of a stream that may lose what it was given', async () => {
    const config = {
      storage: 'memory',
      discard: 'old',
      max_msgs: 10,
      max_age: nanos(60_000),
    } as const
    const { stderr } = await house.feed((await house.stream(config)).stream)
    expect(stderr).toMatch(/is in memory/)
    expect(stderr).toMatch(/drops the oldest messages/)
    expect(stderr).toMatch(/drops messages by age/)
  })

  it('says what is missing, and takes no answers for sightings', async () => {
    expect((await house.feed('NONE')).stderr).toMatch(/^NATS_MISSING: stream not found/m)
    const { stream, subject } = await house.stream()
    const unheard = await house.feed(stream, '--answers', 'heard.by.nobody')
    expect(unheard.stderr).toMatch(/^NATS_MISSING: no stream takes heard.by.nobody/m)
    const circle = await house.feed(stream, '--answers', subject)
    expect(circle.stderr).toMatch(/^NATS_UNSAFE: .*answers would be sightings/m)
    const nothing = await house.feed('NEW', '--create')
    expect(nothing.stderr).toMatch(/^INVALID_INPUT: stream NEW is not there: --subject makes it/m)
  })

  it.each<[flags: readonly string[], says: RegExp]>([
    [['nats://ada:secret@host', '--stream', 'S', '--consumer', 'C'], /takes no password/],
    [['nats://host/path', '--stream', 'S', '--consumer', 'C'], /is no nats:\/\/host:port/],
    [['nats://host', '--consumer', 'C'], /--stream is missing/],
    [['nats://host', '--stream', 'S.>', '--consumer', 'C'], /--stream: has no spaces/],
    [['nats://host', '--stream', 'S', '--consumer', 'C', '--in-flight', '0'], /--in-flight: is no/],
    [['nats://host', '--stream', 'S', '--consumer', 'C', '--answers', 'a.*'], /--answers: is no/],
    [['nats://host', '--stream', 'S', '--consumer', 'C', '--subject', 'a'], /belong to --create/],
    [['nats://host', '--stream', 'S', '--consumer', 'C', '--state', 's'], /--state belongs to/],
    [['seen.ndjson', '--stream', 'S'], /--stream <name> belongs to a source nats:\/\//],
  ])('refuses %j', async (flags, says) => {
    const { code, stderr } = await house.home.run(['feed', ...flags], { key: house.keys.told })
    expect([code, stderr]).toEqual([2, expect.stringMatching(says) as string])
    expect(stderr).not.toContain('secret')
  })
})

/** A server that trusts an operator alone, and the credentials of one user, as `nsc` makes both. */
function operatorMode(): { readonly settings: readonly string[]; readonly creds: string } {
  const [operator, system, account, user] = [
    nkeys.createOperator(),
    nkeys.createAccount(),
    nkeys.createAccount(),
    nkeys.createUser(),
  ]
  const signed = (issuer: typeof operator, of: typeof operator, type: string, more = {}) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = { iss: issuer.getPublicKey(), sub: of.getPublicKey(), name: type, iat: 1 }
    const text = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part({
      ...claims,
      jti: type,
      nats: { type, version: 2, ...more },
    })}`
    return `${text}.${Buffer.from(issuer.sign(Buffer.from(text))).toString('base64url')}`
  }
  const usual = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true }
  const more = { conn: -1, leaf: -1, mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 }
  const ofAccount = (of: typeof operator, limits: object) =>
    signed(operator, of, 'account', { limits })
  const unlimited = { subs: -1, data: -1, payload: -1 }
  const userJwt = signed(account, user, 'user', { pub: {}, sub: {}, ...unlimited })
  const seed = Buffer.from(user.getSeed()).toString()
  return {
    settings: [
      `operator: ${signed(operator, operator, 'operator')}`,
      'resolver: MEMORY',
      `system_account: ${system.getPublicKey()}`,
      'resolver_preload: {',
      `  ${system.getPublicKey()}: ${ofAccount(system, { ...usual, conn: -1, leaf: -1 })}`,
      `  ${account.getPublicKey()}: ${ofAccount(account, { ...usual, ...more })}`,
      '}',
    ],
    creds: [
      '-----BEGIN NATS USER JWT-----',
      userJwt,
      '------END NATS USER JWT------',
      '',
      '-----BEGIN USER NKEY SEED-----',
      seed,
      '------END USER NKEY SEED------',
      '',
    ].join('\n'),
  }
}
