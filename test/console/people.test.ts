import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OPERATOR } from '../../src/access/index.ts'
import { type ConsoleWorld, openBrowser, openConsole } from './browser.ts'

let world: ConsoleWorld

beforeAll(async () => {
  world = await openConsole({ 'trace.registries': false })
})
afterAll(() => world.dispose())

/** As the record has it. */
async function person(id: string) {
  return world.api.engine.as(OPERATOR).people.show({ id })
}

async function machine(pseudonym: string): Promise<string> {
  const made = { name: 'Rack', pseudonym, kind: 'machine', roles: ['crawler'] } as const
  return (await world.api.engine.as(OPERATOR).people.add(made)).id
}

describe('the pages of people', () => {
  it('let an admin add somebody, make a key that is shown once, and end it', async () => {
    const ada = await world.signIn('ADA', 'admin')
    await ada.get('/console/people')
    const added = await ada.submit('people.add', {
      kind: 'machine',
      name: 'Rack 3',
      pseudonym: 'C-3',
      roles: 'crawler',
    })
    expect([added.status, added.url]).toEqual([
      200,
      expect.stringMatching(/^\/console\/people\/[0-9a-f-]{36}\?done=1$/),
    ])
    const made = await ada.submit('keys.create', { label: 'rack', expiresInDays: '90' })
    const [secret = ''] = /hk_[\w-]+/.exec(made.html) ?? []
    expect([made.status, secret]).toEqual([200, expect.stringContaining('hk_')])
    const { status } = await world.api.call('GET', '/v1/whoami', { key: secret })
    expect(status).toBe(200)
    const place = added.url.replace('?done=1', '')
    expect((await ada.get(place)).html).not.toContain(secret.slice(-12))
    expect((await ada.submit('keys.revoke', {})).url).toBe(`${place}?done=1`)
    expect((await world.api.call('GET', '/v1/whoami', { key: secret })).status).toBe(401)
    expect((await ada.get(place)).html).not.toContain('keys.rotate')
  })

  it('sets several roles at once, and says in the record who did', async () => {
    const abe = await world.signIn('ABE', 'admin')
    const una = await world.signIn('UNA', 'analyst')
    const { html } = await abe.get(`/console/people/${una.id}`)
    const form = html.split('action="/console/do/people.setRoles"')[1]?.split('</form>')[0] ?? ''
    expect(form).toMatch(/value="analyst" checked/)
    expect(form).not.toMatch(/value="verifier" checked/)
    const body = new URLSearchParams({
      _token: /name="_token" value="([^"]+)"/.exec(form)?.[1] ?? '',
    })
    for (const [name, value] of [
      ['id', una.id],
      ['roles', 'analyst'],
      ['roles', 'verifier'],
    ] as const) {
      body.append(name, value)
    }
    const cookie = Array.from(abe.cookies, ([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(`${world.api.url}/console/do/people.setRoles`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    })
    expect(answer.status).toBe(303)
    expect((await person(una.id)).roles).toEqual(['analyst', 'verifier'])
    const auditor = await world.signIn('AUD', 'auditor')
    const told = await auditor.get('/console/audit?by=ABE&action=person.roles')
    expect(told.html).toContain('set roles')
    expect(told.html).toContain('roles: Analyst, Verifier')
    expect(told.html).toContain(`/console/people/${una.id}`)
  })

  it('invites with a code that opens the door once, and ends what was set before', async () => {
    const ann = await world.signIn('ANN', 'admin')
    const ola = await world.signIn('OLA', 'analyst')
    const shown = await ann.get(`/console/people/${ola.id}`)
    expect(shown.html).toContain('all browsers are signed out')
    const invited = await ann.submit('sessions.invite', {})
    const [code = ''] = /(?:[A-Z0-9]{5}-){4}[A-Z0-9]{5}/.exec(invited.html) ?? []
    expect([invited.status, code.length]).toEqual([200, 29])
    expect((await ola.get('/console')).url).toContain('/console/sign-in')
    expect((await ann.get(`/console/people/${ola.id}`)).html).not.toContain(code)
    const welcomed = await openBrowser(world.api.url).post('/console/welcome', { code })
    expect(welcomed.html).toContain('OLA')
    expect((await person(ola.id)).signIn).toMatchObject({
      enrolledAt: null,
      invitedUntil: expect.any(String) as string,
    })
  })

  it('ends the browsers of somebody, and a person for good', async () => {
    const amy = await world.signIn('AMY', 'admin')
    const per = await world.signIn('PER', 'analyst')
    await amy.get(`/console/people/${per.id}`)
    expect((await amy.submit('sessions.end', {})).url).toContain('done=1')
    expect((await per.get('/console')).url).toContain('/console/sign-in')
    await amy.get(`/console/people/${per.id}`)
    const ended = await amy.submit('people.deactivate', {})
    expect(ended.html).toContain('deactivated')
    expect(ended.html).not.toContain('/console/do/')
    expect((await amy.get('/console/people')).html).not.toContain(`/console/people/${per.id}"`)
    expect((await amy.get('/console/people?state=deactivated')).html).toContain('PER')
    expect((await amy.get(`/console/people/${amy.id}`)).html).not.toContain('people.deactivate')
  })

  it('shows a form that was refused with all that was chosen in it, and no other with that', async () => {
    const ali = await world.signIn('ALI', 'admin')
    const id = await machine('C-7')
    await ali.get(`/console/people/${id}`)
    const refused = await ali.submit('keys.create', {
      label: 'x',
      roles: 'crawler',
      source: 'NOT ME',
    })
    expect(refused.status).toBe(400)
    const [, made = ''] = refused.html.split('action="/console/do/keys.create"')
    expect(made.split('</form>')[0]).toMatch(/value="crawler" checked/)
    expect(made.split('</form>')[0]).toContain('value="NOT ME"')
  })
})

describe('who tries what is not theirs', () => {
  it('raises no roles of their own: an analyst by a form that is not on the page', async () => {
    const eva = await world.signIn('EVA', 'analyst')
    await eva.get('/console/account')
    for (const [operation, fields] of [
      ['people.setRoles', { id: eva.id, roles: 'admin' }],
      ['keys.create', { personId: eva.id, label: 'mine' }],
      ['sessions.invite', { person: 'ADA' }],
      ['people.deactivate', { id: eva.id }],
    ] as const) {
      await eva.get('/console/account')
      const { status, html } = await eva.post(`/console/do/${operation}`, fields)
      expect([operation, status]).toEqual([operation, 403])
      expect(html).not.toMatch(/hk_|(?:[A-Z0-9]{5}-){4}/)
    }
    expect((await person(eva.id)).roles).toEqual(['analyst'])
  })

  it('nor an admin, who is offered those alone that they have', async () => {
    const ida = await world.signIn('IDA', 'admin', 'statistics')
    const { html } = await ida.get(`/console/people/${ida.id}`)
    const form = html.split('action="/console/do/people.setRoles"')[1]?.split('</form>')[0] ?? ''
    expect(form).not.toContain('value="verifier"')
    const refused = await ida.submit('people.setRoles', { roles: 'verifier' })
    expect([refused.status, refused.html.includes('role="alert"')]).toEqual([403, true])
    expect((await person(ida.id)).roles).toEqual(['statistics', 'admin'])
    await ida.get(`/console/people/${ida.id}`)
    expect((await ida.submit('people.setRoles', { roles: 'admin' })).url).toContain('done=1')
    expect((await person(ida.id)).roles).toEqual(['admin'])
  })

  it('an auditor sees people and changes none', async () => {
    const aud = await world.signIn('AU2', 'auditor')
    const id = await machine('C-9')
    const { html } = await aud.get(`/console/people/${id}`)
    expect(html).not.toContain('/console/do/')
    const { status } = await aud.post('/console/do/people.setRoles', { id, roles: 'reporter' })
    expect(status).toBe(403)
    expect((await person(id)).roles).toEqual(['crawler'])
  })

  it('a stranger is sent to the door', async () => {
    const browser = openBrowser(world.api.url)
    for (const path of [
      '/console/people',
      '/console/audit',
      '/console/second',
      '/console/system',
    ]) {
      expect((await browser.get(path)).url).toContain('/console/sign-in')
    }
    const { url } = await browser.post('/console/audit/export', {})
    expect(url).toContain('/console/sign-in')
  })

  it('what binds asks for the second factor once more where it was not shown a moment ago', async () => {
    const kim = await world.signIn('KIM', 'admin')
    const id = await machine('C-8')
    const late = { ...(await world.api.engine.stages.sessions.own(await asPrincipal(kim.id)))[0] }
    expect(late.provedAt).toBeDefined()
    const { people, keys } = world.api.engine.as({
      ...(await asPrincipal(kim.id)),
      session: { id: late.id ?? '', isFresh: false },
    })
    const calls = [
      () => people.add({ name: 'X', pseudonym: 'X-1', roles: ['crawler'], kind: 'machine' }),
      () => people.setRoles({ id, roles: ['crawler', 'reporter'] }),
      () => people.own({ id, owner: kim.id }),
      () => people.deactivate({ id }),
      () => keys.create({ personId: id, label: 'x' }),
      () => keys.rotate({ id: 'none' }),
      () => keys.revoke({ id: 'none' }),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'STEP_UP_NEEDED' })
    expect(await person(id)).toMatchObject({
      roles: ['crawler'],
      active: true,
      owner: null,
      keys: [],
    })
  })
})

async function asPrincipal(id: string) {
  const { pseudonym, kind, roles } = await person(id)
  return { id, pseudonym, kind, roles }
}
