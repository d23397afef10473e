import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { OPERATOR } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import type { Enrolled } from '../../src/sessions/index.ts'
import { codeOf, from, PASSWORD } from '../sessions/world.ts'

let directory: string
let engine: Engine
let signedIn: Enrolled

const open = () =>
  createEngine({
    config: configWith({ data: join(directory, 'data'), 'pool.threads': 1 }),
    dataKey: Buffer.alloc(32, 9),
  })

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-sign-in-'))
  engine = await open()
  const as = engine.as(OPERATOR)
  const person = { name: 'Ada', pseudonym: 'A-01', kind: 'person', roles: ['admin'] } as const
  await as.people.add({ ...person, roles: [...person.roles] })
  const { code } = await as.sessions.invite({ person: 'A-01' })
  const { sessions } = engine.stages
  const { secret } = await sessions.welcome(code, from())
  const enrolment = { code, password: PASSWORD, totp: codeOf(secret, Date.now()) }
  signedIn = await sessions.enrol(enrolment, from())
})
afterAll(async () => {
  await engine.shutdown()
  rmSync(directory, { recursive: true, force: true })
})

it('lets whoever has signed in do what their roles allow, and no more', async () => {
  const { principal, token } = signedIn
  const as = engine.as(principal)
  expect(await as.people.whoami()).toMatchObject({ pseudonym: 'A-01', session: { isFresh: true } })
  expect(await as.sessions.list()).toEqual(await as.sessions.own())
  await expect(as.cases.list()).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await as.sessions.label({ id: signedIn.session.id, label: 'desk' })
  // A session is no key, nor is a key a session.
  await expect(engine.authenticate(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  const { secret } = await as.keys.create({ personId: principal.id, label: 'laptop' })
  await expect(engine.stages.sessions.of(secret)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

it('keeps sessions over a restart, and ends them for good', async () => {
  await engine.shutdown()
  engine = await open()
  const { sessions } = engine.stages
  const { principal, session } = await sessions.of(signedIn.token)
  expect(session.label).toBe('desk')
  await engine.as(principal).sessions.endOwn({ id: session.id.slice(0, 30) })
  await engine.shutdown()
  engine = await open()
  await expect(engine.stages.sessions.of(signedIn.token)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  })
  expect((await engine.stages.watch.health()).signIn).toEqual({
    sessions: 0,
    enrolled: 1,
    withPasskeys: 0,
    invited: 0,
    fewRecoveryCodes: [],
  })
})
