import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { readDataKey } from '../../src/core/index.ts'
import { createEngine } from '../../src/engine.ts'
import type { NewInvitation, SessionView } from '../../src/sessions/index.ts'
import { codeOf, from, PASSWORD } from '../sessions/world.ts'
import { createHome, type Home } from './hindra.ts'

let home: Home
let first: string

beforeAll(async () => {
  home = createHome()
  first = (await home.run(['init', '--admin', 'Ada'])).stdout
})
afterAll(() => home.dispose())

/** What a browser does with an invitation, on the same data. */
async function comeWith(code: string): Promise<void> {
  const config = configWith({ data: home.data, 'pool.threads': 1 })
  const dataKey = readDataKey({ file: join(home.data, 'data.key') })
  const engine = await createEngine({ config, dataKey })
  const { sessions } = engine.stages
  const { secret } = await sessions.welcome(code, from())
  const enrolment = { code, password: PASSWORD, totp: codeOf(secret, Date.now()), label: 'desk' }
  await sessions.enrol(enrolment, from())
  await engine.shutdown()
}

it('tells at the first moment how the admin signs in, invites, lists and ends', async () => {
  const [, told = ''] = /(hindra people invite \S+)/.exec(first) ?? []
  const invited = await home.run(told.split(' ').slice(1))
  expect(invited.stdout).toMatch(/code +[0-9A-Z]{5}(-[0-9A-Z]{5}){4}\n/)
  expect(invited.stdout).toContain('/console/welcome#')
  expect(invited.stderr).toContain('shown this once')
  const again = (await home.json(['people', 'invite', 'ADMIN'])) as NewInvitation
  expect(again).toMatchObject({ pseudonym: 'admin', isReset: false, link: null })
  await comeWith(again.code)
  const listed = (await home.json(['sessions', 'list', '--person', 'admin'])) as SessionView[]
  expect(listed).toMatchObject([{ personId: again.personId, label: 'desk' }])
  expect((await home.run(['sessions'])).stdout).toContain('desk')
  expect((await home.run(['doctor'])).stdout).toContain('1 people sign in by a browser, 1 sessions')
  const id = listed[0]?.id ?? ''
  expect(await home.json(['sessions', 'end', id])).toMatchObject([{ id }])
  expect((await home.run(['sessions', 'end', id])).code).toBe(4)
  expect(await home.json(['sessions', 'end', '--person', 'admin'])).toEqual([])
  const reset = await home.run(['people', 'invite', 'admin'])
  expect(reset.stderr).toContain('Password, second factor and passkeys of before open nothing now')
})

it.each([
  [['sessions', 'end'], 'name one session'],
  [['sessions', 'end', 'x', '--person', 'admin'], 'name one session'],
  [['sessions', 'end', '--person', 'admin', '--own'], '--own takes the id'],
  [['sessions', 'list', '--person', 'admin', '--own'], 'exclude each other'],
  [['people', 'invite', 'x'.repeat(65)], 'person'],
])('says what is wrong with %j', async (words, what) => {
  const { code, stderr } = await home.run(words)
  expect([code, stderr]).toEqual([2, expect.stringContaining(what)])
})

it('shows a person their own, and nobody else’s', async () => {
  const anna = await home.person('Anna', 'analyst')
  const { key } = anna
  expect(await home.json(['sessions', 'list', '--own'], { key })).toEqual([])
  expect((await home.run(['sessions'], { key })).code).toBe(3)
  const missing = await home.run(['sessions', 'end', 'no-such-id', '--own'], { key })
  expect(missing.code).toBe(4)
})
