import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KeyView, NewKey, PersonView } from '../../src/access/index.ts'
import { ERRORS } from '../../src/errors.ts'
import { createHome, type Home } from './hindra.ts'

let home: Home
let machine: string

beforeAll(async () => {
  home = createHome()
  await home.run(['init'])
  const flags = ['--pseudonym', 'C-3', '--machine', '--role', 'crawler', '--role', 'pipeline']
  machine = ((await home.json(['people', 'add', 'Rack 3', ...flags])) as PersonView).id
})
afterAll(() => home.dispose())

async function create(...flags: readonly string[]): Promise<NewKey> {
  return (await home.json(['keys', 'create', machine, '--label', 'rack', ...flags])) as NewKey
}

/** The exit code of a command that the pipeline role allows. */
async function alerts(key: string): Promise<number | null> {
  return (await home.run(['alerts'], { key })).code
}

describe('hindra keys', () => {
  it('creates a key with roles, source and expiry, shown this once', async () => {
    const flags = ['--role', 'crawler', '--source', 'north-3', '--expires-days', '90']
    const made = await create(...flags)
    expect(made).toMatchObject({ roles: ['crawler'], source: 'north-3' })
    expect(Date.parse(made.expiresAt ?? '') - Date.parse(made.createdAt)).toBe(90 * 86_400_000)
    expect(await alerts(made.secret)).toBe(ERRORS.FORBIDDEN.exit)

    const list = await home.run(['keys'])
    expect(list.stdout).toMatch(/ C-3 .*north-3/)
    expect(list.stdout).not.toContain('hk_')
    const listed = (await home.json(['keys'])) as readonly KeyView[]
    expect(listed.map(({ id }) => id)).toContain(made.id)
  })

  it('rotates a key: the old one is good for the overlap asked for', async () => {
    const old = await create()
    const rotate = async (hours: string) =>
      (await home.json(['keys', 'rotate', old.id, '--overlap-hours', hours])) as NewKey
    const fresh = await rotate('1')
    expect([await alerts(old.secret), await alerts(fresh.secret)]).toEqual([0, 0])
    const last = await rotate('0')
    expect([await alerts(fresh.secret), await alerts(last.secret)]).toEqual([3, 0])
  })

  it.each([
    [['create', '--source', 'North 3'], 'source'],
    [['create', '--role', 'admin'], 'roles'],
    [['create', '--expires-days', 'soon'], '--expires-days takes a number'],
    [['rotate', '--overlap-hours', '999'], 'overlapHours'],
  ])('says what is wrong with %j', async ([verb = '', ...flags], said) => {
    const { id } = await create()
    const what = verb === 'create' ? [machine, '--label', 'x'] : [id]
    const { code, stderr } = await home.run(['keys', verb, ...what, ...flags])
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)])
  })

  it('explains itself', async () => {
    const { stdout } = await home.run(['keys', 'create', '--help'])
    for (const said of ['--role', '--source', '--expires-days', 'attributed']) {
      expect(stdout).toContain(said)
    }
  })
})
