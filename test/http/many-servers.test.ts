import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'
import { OPERATOR, type Principal } from '../../src/access/index.ts'
import { openPostgresStore } from '../../src/store/index.ts'
import type { ToldReceipt } from '../../src/tipline/index.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { Authenticator } from '../sessions/authenticator.ts'
import { codeOf, PASSWORD } from '../sessions/world.ts'
import { solved } from '../tipline/house.ts'
import { type Api, problem, startApi } from './api.ts'

const ORIGIN = 'https://console.example'
const NDJSON = { 'content-type': 'application/x-ndjson' }
const HITS_PER_HOUR = 5
const ann: Principal = {
  id: 'ann',
  pseudonym: 'ann',
  kind: 'person',
  roles: ['analyst', 'verifier'],
  session: { id: 's1', isFresh: true },
}
const from = (last: number) => ({ address: `192.0.2.${String(last)}`, device: undefined })

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

describe.skipIf(postgresPrograms === undefined)('two servers of one house', () => {
  let database: PostgresServer
  let host: Host
  let left: Api
  let right: Api
  let media: Buffer

  /** Now this one, now that one, as a load balancer has it. */
  let turn = 0
  function either(): Api {
    turn += 1
    return turn % 2 === 0 ? left : right
  }

  beforeAll(async () => {
    media = await sceneJpeg(41, { width: 320, height: 240 })
    host = await httpHost((_request, response) => {
      response.writeHead(200, { connection: 'close' }).end(media)
    })
    database = await PostgresServer.start()
    const settings = {
      'sessions.url': `${ORIGIN}/`,
      'tipline.workBits': 8,
      'tipline.wrongReceiptsPerHour': 4,
      'limits.hashHitsPerHour': HITS_PER_HOUR,
      'server.hashLinesInFlightMax': 1,
      'fetch.allowNetworks': ['127.0.0.0/8'],
      'fetch.allowPorts': [host.port],
      'looks.enabled': true,
    }
    const open = async () => {
      const store = await openPostgresStore({ url: database.url('front') })
      return startApi(settings, { store })
    }
    left = await open()
    right = await open()
  }, 60_000)
  afterAll(async () => {
    await left.dispose()
    await right.dispose()
    await host.close()
    await database.end()
  })

  async function noted(keyId: string): Promise<unknown[]> {
    const entries = await right.engine.stages.audit.entries({})
    return entries
      .filter(({ action, subject }) => action === 'limit.probing' && subject === keyId)
      .map(({ detail }) => detail['what'])
  }

  describe('take a tip', () => {
    const told = { words: 'En man frågar flickor', category: 'grooming' }
    let key: string

    beforeAll(async () => {
      ;({ key } = await left.keyOf('reporter'))
    })

    async function formOf(api: Api) {
      const asked = await api.call('GET', '/v1/tipline/challenge', { key })
      return solved(asked.body as { token: string; bits: number })
    }
    const post = (api: Api, path: string, body: object) =>
      api.call('POST', `/v1/tipline/${path}`, { key, body })

    it('by a form that the other has handed out, and its receipt opens it at both', async () => {
      const answer = await post(right, 'tips', { ...told, work: await formOf(left) })
      expect(answer.status).toBe(201)
      const { receipt } = answer.body as ToldReceipt
      for (const api of [left, right]) {
        expect((await post(api, 'look', { receipt })).body).toMatchObject({ state: 'received' })
      }
    })

    it('once by one form, however it is sent to both at once', async () => {
      for (let round = 0; round < 5; round += 1) {
        const work = await formOf(either())
        const answers = await Promise.all(
          [left, right, left, right].map((api) => post(api, 'tips', { ...told, work })),
        )
        expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403, 403])
        for (const api of [left, right]) {
          const again = await post(api, 'tips', { ...told, work })
          expect(problem(again)).toMatchObject({ code: 'WORK_REFUSED' })
        }
      }
    })

    it('and ask for work once both together were given so many wrong receipts', async () => {
      const guess = (api: Api, more: object = {}) =>
        post(api, 'look', { receipt: '1234 5678 9012 3456', ...more })
      const codes: string[] = []
      for (let tries = 0; tries < 6; tries += 1) codes.push(problem(await guess(either())).code)
      expect(codes).toEqual([
        ...['RECEIPT_UNKNOWN', 'RECEIPT_UNKNOWN', 'RECEIPT_UNKNOWN', 'RECEIPT_UNKNOWN'],
        ...['WORK_REFUSED', 'WORK_REFUSED'],
      ])
      const work = await formOf(left)
      expect(problem(await guess(right, { work })).code).toBe('RECEIPT_UNKNOWN')
      expect(problem(await guess(left, { work })).code).toBe('WORK_REFUSED')
    })
  })

  describe('sign in', () => {
    async function enrolled(name: string) {
      const { id } = await left.engine.as(OPERATOR).people.add({
        name: `Name of ${name}`,
        pseudonym: name,
        kind: 'person',
        roles: ['analyst'],
      })
      const { sessions } = left.engine.stages
      const { code } = await sessions.invite({ ...OPERATOR, kind: 'operator' }, id)
      const { secret } = await right.engine.stages.sessions.welcome(code, from(1))
      const totp = codeOf(secret, Date.now())
      const { token } = await sessions.enrol({ code, password: PASSWORD, totp }, from(1))
      return { name, token }
    }

    it('by a passkey that one has asked for and the other is answered, once', async () => {
      const { token } = await enrolled('P-01')
      const [a, b] = [left.engine.stages.sessions.passkeys, right.engine.stages.sessions.passkeys]
      const key = new Authenticator(ORIGIN)
      const registration = key.create(await a.askToAdd(token))
      await b.add(token, { name: 'blue key', registration })
      const browser = 'b'.repeat(32)
      for (let round = 0; round < 3; round += 1) {
        const answer = key.get(await a.askToSignIn(browser))
        const begun = await Promise.allSettled(
          [a, b, a, b].map((one) => one.begin(answer, browser, from(2))),
        )
        expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
        for (const one of [a, b]) {
          await expect(one.begin(answer, browser, from(2))).rejects.toMatchObject({
            code: 'UNAUTHENTICATED',
          })
        }
      }
      // Another browser than the one that asked has no use for it anywhere.
      const stolen = key.get(await a.askToSignIn(browser))
      await expect(b.begin(stolen, 'c'.repeat(32), from(3))).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      })
      expect(await b.begin(stolen, browser, from(2))).toMatchObject({ isFresh: true })
    })

    it('and slow down together who guesses at one name', async () => {
      const { name } = await enrolled('G-01')
      const codes: unknown[] = []
      for (let tries = 0; tries < 7; tries += 1) {
        const guess = { name, password: `wrong guess ${String(tries)}`, code: '000000' }
        const { sessions } = either().engine.stages
        const error: unknown = await sessions
          .begin(guess, from(10 + tries))
          .catch((e: unknown) => e)
        codes.push((error as { code: string }).code)
      }
      expect(codes.slice(0, 5)).toEqual(Array(5).fill('UNAUTHENTICATED'))
      expect(codes.slice(5)).toContain('RATE_LIMITED')
    })
  })

  describe('guard the register', () => {
    let hashes: { type: string; value: string }[]

    beforeAll(async () => {
      const engine = left.engine
      const proposer: Principal = { ...ann, id: 'proposer' }
      const item = { media, classification: 'Baseline' } as const
      const { id } = await engine.stages.curation.propose(proposer, item)
      await engine.stages.curation.verify(ann, { itemId: id })
      hashes = [{ type: 'md5', value: createHash('md5').update(media).digest('hex') }]
      const known = async () => (await right.engine.stages.watch.health()).items
      await vi.waitFor(async () => {
        expect(await known()).toBe(1)
      }, 30_000)
    })

    async function line(api: Api, key: string, sent: object): Promise<Record<string, unknown>> {
      const body = JSON.stringify(sent)
      const answer = await api.call('POST', '/v1/sightings', { key, headers: NDJSON, body })
      return JSON.parse(String(answer.body)) as Record<string, unknown>
    }
    const url = (name: string) => `https://127.0.0.1/${name}.jpg`

    it('answer so many hits by hashes together as one would, and audit what is beyond once', async () => {
      const { key, keyId } = await left.keyOf('crawler-verdict')
      const answers: unknown[] = []
      for (let hit = 0; hit < HITS_PER_HOUR + 3; hit += 1) {
        answers.push(await line(either(), key, { url: url(`h${String(hit)}`), hashes }))
      }
      expect(answers.slice(0, HITS_PER_HOUR)).toEqual(
        Array(HITS_PER_HOUR).fill({ line: 1, verdict: 'pending' }),
      )
      for (const answer of answers.slice(HITS_PER_HOUR)) {
        expect(answer).toMatchObject({ error: { code: 'RATE_LIMITED' } })
      }
      expect(await noted(keyId)).toEqual(['hash-hits'])
    })

    it('see together that somebody feels for a hash, and do not fetch for them any more', async () => {
      const { key, keyId } = await left.keyOf('crawler')
      const bytes = new Uint8Array(32).fill(0x5a)
      for (let bit = 0; bit < 80; bit += 1) {
        const probe = Buffer.from(bytes)
        probe[bit >> 3] = (probe[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const hash = { type: 'pdq', value: probe.toString('hex'), quality: 100 }
        await line(either(), key, { url: url(`p${String(bit)}`), hashes: [hash] })
      }
      expect(await noted(keyId)).toEqual(['near-hashes'])
    })
  })

  it('show a picture larger where the other has shown it small', async () => {
    const at = `http://127.0.0.1:${String(host.port)}/a.jpg`
    const tip = await left.engine.as(ann).tips.submit({ url: at })
    if (!('id' in tip)) throw new Error('one tip was brought, and no list')
    const look = (api: Api, way: 'small-grey' | 'large-grey' | 'large-colour') =>
      api.engine.as(ann).looks.take({ of: 'tip', id: tip.id, way })
    await expect(look(right, 'large-grey')).rejects.toMatchObject({ code: 'LOOK_STEP' })
    expect((await look(left, 'small-grey')).still).not.toBeNull()
    expect((await look(right, 'large-grey')).further).toContain('large-colour')
    expect((await look(left, 'large-colour')).still).not.toBeNull()
  })

  it('tell once of a record that both found damaged, in the first page that either reads', async () => {
    const { tips } = left.engine.as(ann)
    const tip = await tips.submit({ url: 'https://host.example/damaged' })
    if (!('id' in tip)) throw new Error('one tip was brought, and no list')
    await left.engine.stages.store.transact((tx) => {
      tx.put(['tip', tip.id], Buffer.from('damaged'))
      return Promise.resolve()
    })
    for (const { engine } of [left, right]) {
      await expect(engine.as(ann).tips.show({ id: tip.id })).rejects.toMatchObject({
        code: 'STORE_CORRUPT',
      })
    }
    const read = (api: Api) => api.engine.stages.cases.alertFeed.read(undefined, 1_000)
    await left.engine.stages.watch.tellOfDamage()
    const first = await read(right)
    await Promise.all([left, right].map((api) => api.engine.stages.watch.tellOfDamage()))
    expect(await read(left)).toEqual(first)
    expect(first.filter(({ kind }) => kind === 'damaged')).toHaveLength(1)
  })
})
