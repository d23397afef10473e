import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { sceneJpeg } from '../../fixtures/index.ts'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'
import type { Notice } from '../../src/takedown/index.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { createHome, type Home, type RunOptions, type Serving } from './hindra.ts'

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

/** A takeover may take ten seconds. */
const TAKEN_OVER = { timeout: 20_000, interval: 100 }

describe.skipIf(postgresPrograms === undefined)('several servers of one house', () => {
  let postgres: PostgresServer
  let home: Home
  let relay: MailServer
  let file: string
  let analyst: string
  let verifier: string
  let officer: string
  let auditor: string
  let monitor: string
  /** Told of each mail that the relay has, before it answers. */
  let onTaken: () => void = () => undefined
  let there: RunOptions
  let machines = 0
  const running: Machine[] = []

  beforeAll(async () => {
    postgres = await PostgresServer.start()
    relay = await openMailServer({
      onTaken: () => {
        onTaken()
      },
    })
    home = createHome()
    file = join(home.directory, 'hindra.yaml')
    const host = { name: 'Alpha', country: 'MD', abuseContact: 'abuse@alpha.example' }
    const settings = {
      mail: { port: relay.port, from: 'notices@hotline.example' },
      trace: { registries: false, providers: [{ ...host, domains: ['alpha.example'] }] },
      server: { tickSeconds: 0.2 },
      takedown: { lookMinutes: 1_440 },
      route: { approveContacts: false },
      sightings: { retrySeconds: 0.1 },
    }
    writeFileSync(file, stringify(settings))
    there = { env: { HINDRA_STORE: postgres.url('house'), HINDRA_CONFIG: file } }
    await home.json(['init', '--admin', 'Ada'], there)
    // Whoever is in the data directory is the operator.
    const person = async (name: string, ...roles: readonly string[]) =>
      (await home.personWith(there, name, ...roles)).key
    analyst = await person('Anna', 'analyst')
    verifier = await person('Bo', 'verifier')
    officer = await person('Ola', 'officer', 'pipeline')
    auditor = await person('Cilla', 'auditor')
    monitor = await person('Prometheus', 'monitor')
  })
  afterAll(async () => {
    await home.dispose()
    await relay.close()
    await postgres.end()
  })

  afterEach(() => {
    for (const { process } of running.splice(0)) process.kill('SIGKILL')
  })

  /** One on a machine of its own: another data directory, and the same data key. */
  async function serve(name: string, ...flags: readonly string[]): Promise<Machine> {
    const data = join(home.directory, `${name}-${(machines += 1)}`)
    const options: RunOptions = {
      env: {
        ...there.env,
        HINDRA_DATA: data,
        HINDRA_DATA_KEY_FILE: join(home.data, 'data.key'),
        ...(flags.includes('--shard') ? { HINDRA_MATCHER_LISTEN: '127.0.0.1:0' } : {}),
      },
    }
    const serving = await home.serveWith(options, ...flags)
    const at = (key: string) => ({ key, env: { HINDRA_URL: serving.url } })
    const machine = { ...serving, data, at }
    running.push(machine)
    return machine
  }

  interface Machine extends Serving {
    readonly data: string
    /** How a command asks this one. */
    at(key: string): RunOptions
  }

  /** What `hindra doctor` says of the servers. */
  const serversFinding = async () => {
    const { stdout } = await home.run(['doctor', '--cluster', '--json'], there)
    const findings = JSON.parse(stdout) as { name: string; detail: string; state: string }[]
    expect(findings.map(({ name }) => name)).toEqual(['database', 'servers'])
    return findings[1]
  }

  const dispatcher = async () => {
    const [row] = await postgres.query(
      `SELECT holder FROM house.leases WHERE name = 'background work' AND until > clock_timestamp()`,
    )
    return row === undefined ? undefined : Number(/process (\d+)/.exec(String(row['holder']))?.[1])
  }
  /** Lines of what Prometheus is told, that begin so. */
  const scraped = async ({ url }: Machine, name: string) => {
    const headers = { authorization: `Bearer ${monitor}` }
    const text = await (await fetch(new URL('/metrics', url), { headers })).text()
    return text.split('\n').filter((line) => line.startsWith(name))
  }
  const assess = (machine: Machine, name: string) =>
    home.json(
      [
        'assess',
        `https://alpha.example/${name}.jpg`,
        '--classification',
        'National',
        '--reason',
        'seen',
      ],
      machine.at(analyst),
    )
  /** Whether the host was told of all of these, and the house knows that it was. */
  const told = async (machine: Machine, ...names: readonly string[]) => {
    const listed = (await home.json(['notices'], machine.at(officer))) as readonly Notice[]
    const isWaiting = listed.some(
      ({ channel, state }) => channel === 'mail' && (state === 'queued' || state === 'sending'),
    )
    const letters = relay.received.map(({ parsed }) => parsed.text ?? '').join('\n')
    return !isWaiting && names.every((name) => letters.includes(`/${name}.jpg`))
  }

  it('work at once: what one has registered, another one recognises', async () => {
    const [alpha, beta] = [await serve('alpha'), await serve('beta')]
    const picture = join(home.directory, 'a.jpg')
    writeFileSync(picture, await sceneJpeg(3))
    const register = ['register', picture, '--classification', 'Baseline']
    const { answer } = (await home.json(register, alpha.at(analyst))) as { answer: { id: string } }
    await home.json(['verify', answer.id], beta.at(verifier))
    const verdict = async (machine: Machine) =>
      ((await home.json(['scan', picture], machine.at(analyst))) as { answer: { verdict: string } })
        .answer.verdict
    await expect.poll(() => verdict(alpha)).toBe('exact')
    await expect.poll(() => verdict(beta)).toBe('exact')
    await home.json(['retract', answer.id, '--reason', 'a test'], alpha.at(officer))
    await expect.poll(() => verdict(beta)).not.toBe('exact')
    for (const machine of [alpha, beta]) expect(await machine.end('SIGTERM')).toBe(0)
    expect((await home.run(['audit', 'verify'], { ...there, key: auditor })).code).toBe(0)
  })

  it('have one that dispatches, and another within seconds once that is killed', async () => {
    const [alpha, beta] = [await serve('alpha'), await serve('beta')]
    await expect.poll(dispatcher, TAKEN_OVER).toBe(alpha.process.pid)
    const found = await serversFinding()
    expect(found?.state).toBe('ok')
    expect(found?.detail).toMatch(
      new RegExp(`process ${alpha.process.pid} on \\S+, which dispatches`),
    )
    expect(found?.detail).toContain(`process ${beta.process.pid} on`)
    await expect.poll(() => scraped(alpha, 'hindra_dispatching')).toEqual(['hindra_dispatching 1'])
    expect(await scraped(beta, 'hindra_dispatching')).toEqual(['hindra_dispatching 0'])
    await assess(beta, 'one')
    await expect.poll(() => told(beta, 'one'), TAKEN_OVER).toBe(true)
    await alpha.end('SIGKILL')
    await assess(beta, 'two')
    await expect.poll(() => dispatcher(), TAKEN_OVER).toBe(beta.process.pid)
    await expect.poll(() => told(beta, 'one', 'two'), TAKEN_OVER).toBe(true)
    expect(await scraped(beta, 'hindra_dispatching')).toEqual(['hindra_dispatching 1'])
    // In order it is at once.
    const gamma = await serve('gamma')
    expect(await beta.end('SIGTERM')).toBe(0)
    await expect.poll(dispatcher, { timeout: 5_000 }).toBe(gamma.process.pid)
    await gamma.end('SIGTERM')
  })

  it('send nothing late of one that was frozen, and it ends once it wakes', async () => {
    const [alpha, beta] = [await serve('alpha'), await serve('beta')]
    await expect.poll(dispatcher, TAKEN_OVER).toBe(alpha.process.pid)
    const before = relay.received.length
    // In the middle of its round, with a letter that the relay has and has not answered.
    onTaken = () => {
      onTaken = () => undefined
      alpha.process.kill('SIGSTOP')
    }
    for (const name of ['three', 'four', 'five']) await assess(beta, name)
    await expect.poll(dispatcher, TAKEN_OVER).toBe(beta.process.pid)
    await expect.poll(() => told(beta, 'three', 'four', 'five'), TAKEN_OVER).toBe(true)
    const sent = relay.received.length
    const ended = once(alpha.process, 'exit')
    alpha.process.kill('SIGCONT')
    expect(await ended).toEqual([5, null])
    expect(relay.received.length).toBe(sent)
    // What went twice is one letter, by its Message-ID, and says so.
    const letters = relay.received.slice(before).map(({ parsed }) => parsed.messageId)
    expect(letters.length - new Set(letters).size).toBeLessThanOrEqual(1)
    await beta.end('SIGTERM')
    expect((await home.run(['audit', 'verify'], { ...there, key: auditor })).code).toBe(0)
  })

  it('send by the hand of an officer at any of them, one at a time', async () => {
    const [alpha, beta] = [await serve('alpha'), await serve('beta', '--roles', 'api')]
    const before = relay.received.length
    await assess(beta, 'six')
    await Promise.all(
      [alpha, beta, alpha, beta].map((machine) =>
        home.run(['notices', 'send'], machine.at(officer)),
      ),
    )
    await expect.poll(() => told(beta, 'six'), TAKEN_OVER).toBe(true)
    const letters = relay.received.slice(before).map(({ parsed }) => parsed.messageId)
    expect(new Set(letters).size).toBe(letters.length)
    for (const machine of [alpha, beta]) await machine.end('SIGTERM')
  })

  it('divide the known material: all of it is asked, or nobody is answered', async () => {
    const [alpha, beta] = [
      await serve('alpha', '--shard', '1/2'),
      await serve('beta', '--shard', '2/2'),
    ]
    const asker = await serve('gamma', '--shard', 'none', '--roles', 'api')
    const machines = [alpha, beta, asker]
    const isReady = async ({ url }: Machine) => (await fetch(new URL('/readyz', url))).status
    for (const machine of machines) {
      await expect.poll(() => isReady(machine), TAKEN_OVER).toBe(200)
    }
    const pictures: string[] = []
    for (let seed = 50; seed < 56; seed += 1) {
      const picture = join(home.directory, `${seed}.jpg`)
      writeFileSync(picture, await sceneJpeg(seed))
      const register = ['register', picture, '--classification', 'Baseline']
      const { answer } = (await home.json(register, asker.at(analyst))) as {
        answer: { id: string }
      }
      await home.json(['verify', answer.id], alpha.at(verifier))
      pictures.push(picture)
    }
    const verdictOf = async (machine: Machine, picture: string) =>
      ((await home.json(['scan', picture], machine.at(analyst))) as { answer: { verdict: string } })
        .answer.verdict
    for (const picture of pictures) {
      for (const machine of machines) expect(await verdictOf(machine, picture)).toBe('exact')
    }
    const heldBy = await serversFinding()
    expect(heldBy?.state).toBe('ok')
    expect(heldBy?.detail).toMatch(/they hold 1\/2 at 127\S+ \(process \d+ on \S+\), 2\/2 at 127/)
    expect(await scraped(asker, 'hindra_fault')).toEqual([])
    await beta.end('SIGKILL')
    await expect.poll(() => isReady(asker), TAKEN_OVER).toBe(503)
    expect(await scraped(asker, 'hindra_fault')).toEqual([
      'hindra_fault{part="index",code="SHARD_MISSING"} 1',
    ])
    for (const picture of pictures) {
      const scanned = await home.run(['scan', picture], asker.at(analyst))
      expect(scanned.code).not.toBe(0)
      expect(scanned.stdout + scanned.stderr).toContain('SHARD_MISSING')
    }
    const missing = async () => (await serversFinding())?.detail
    await expect.poll(missing, TAKEN_OVER).toContain('nobody holds 50% to 100%')
    const delta = await serve('delta', '--shard', '2/2')
    await expect.poll(() => isReady(asker), TAKEN_OVER).toBe(200)
    for (const picture of pictures) expect(await verdictOf(asker, picture)).toBe('exact')
    for (const machine of [delta, alpha, asker]) expect(await machine.end('SIGTERM')).toBe(0)
    const unreached = await home.spawn(['serve', '--shard', '2/4'], there)
    expect(unreached.stderr).toMatch(/^INVALID_CONFIG: matcher\.listen/)
  })

  it('say where their settings or policies are not the same', async () => {
    const [alpha, beta] = [await serve('alpha'), await serve('beta', '--trusted-proxy', '10.0.0.9')]
    await expect.poll(dispatcher, TAKEN_OVER).toBe(alpha.process.pid)
    // What belongs to the machine may differ.
    expect((await serversFinding())?.state).toBe('ok')
    const other = join(home.directory, 'other.yaml')
    writeFileSync(other, readFileSync(file, 'utf8').replace('lookMinutes: 1440', 'lookMinutes: 60'))
    const gamma = await serve('gamma', '--config', other)
    await expect
      .poll(async () => (await serversFinding())?.detail, TAKEN_OVER)
      .toMatch(/ with other settings or policy files than process /)
    expect((await serversFinding())?.state).toBe('warn')
    for (const machine of [gamma, beta, alpha]) expect(await machine.end('SIGTERM')).toBe(0)
    await expect.poll(async () => (await serversFinding())?.state, TAKEN_OVER).toBe('ok')
  })

  it('have roles: who watches and commands on the machine are answered by each, others by some', async () => {
    const alone = await serve('alpha', '--roles', 'matcher,dispatcher')
    const open = await serve('beta', '--roles', 'api')
    const status = async (machine: Machine, path: string, key?: string) => {
      const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
      return (await fetch(new URL(path, machine.url), { headers })).status
    }
    for (const machine of [alone, open]) expect(await status(machine, '/readyz')).toBe(200)
    expect(await status(alone, '/v1/cases', analyst)).toBe(404)
    expect(await status(open, '/v1/cases', analyst)).toBe(200)
    expect(await status(open, '/console')).toBe(404)
    const there = { env: { HINDRA_DATA: alone.data }, key: analyst }
    expect((await home.run(['cases'], there)).code).toBe(0)
    // The one with the role does it, also where it came second.
    await expect.poll(dispatcher, TAKEN_OVER).toBe(alone.process.pid)
    for (const machine of [alone, open]) expect(await machine.end('SIGTERM')).toBe(0)
    const wrong = await home.spawn(['serve', '--roles', 'api,cook'], there)
    expect(wrong.stderr).toMatch(/^INVALID_CONFIG: server\.roles/)
    const inDirectory = { env: { HINDRA_DATA: join(home.directory, 'house') } }
    await home.json(['init'], inDirectory)
    const lacking = await home.spawn(['serve', '--roles', 'api'], inDirectory)
    expect(lacking.stderr).toMatch(/^INVALID_CONFIG: server\.roles: lacks matcher, dispatcher/)
  })
})
