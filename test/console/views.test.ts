import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConsoleWorld, openConsole } from './browser.ts'

let world: ConsoleWorld
beforeAll(async () => {
  world = await openConsole({ 'trace.registries': false, 'sessions.viewsMax': 3 })
})
afterAll(() => world.dispose())

const OPEN = '/console/cases?status=open&host=alpha.example'

describe('a view that somebody keeps', () => {
  it('stands in their queue with what the list was narrowed by, is renamed and removed', async () => {
    const ann = await world.signIn('ANN', 'analyst')
    expect((await ann.get('/console/cases')).html).not.toContain('Keep this view')
    await ann.get(`${OPEN}&after=`)
    await ann.submit('views.save', { name: 'Alpha <b>open</b>' })
    const queue = await ann.get('/console')
    expect(queue.html).toContain('<a href="/console/cases?status=open&amp;host=alpha.example">')
    expect(queue.html).toContain('Alpha &lt;b&gt;open&lt;/b&gt;')
    await ann.submit('views.rename', { name: 'Alpha' })
    expect((await ann.get('/console')).html).toContain('<bdi>Alpha</bdi>')
    await ann.submit('views.remove', {})
    expect((await ann.get('/console')).html).not.toContain('Your views')
  })

  it('is nobody else’s: it is not shown, named or removed by a colleague, nor by who manages people', async () => {
    const bea = world.api.engine.as(await person('BEA', 'analyst'))
    const mal = world.api.engine.as(await person('MAL', 'analyst', 'admin', 'officer'))
    const { id } = await bea.views.save({ name: 'mine', place: OPEN })
    expect(await mal.views.list()).toEqual([])
    const refused = { code: 'NOT_FOUND' }
    await expect(mal.views.rename({ id, name: 'yours' })).rejects.toMatchObject(refused)
    await expect(mal.views.remove({ id })).rejects.toMatchObject(refused)
    expect(await bea.views.list()).toEqual([{ id, name: 'mine', place: OPEN }])
    // What somebody looks for is nobody's to read: not in the audit, and not on the disk.
    const auditor = world.api.engine.as(await person('AUD', 'auditor'))
    expect(JSON.stringify(await auditor.audit.list({ limit: 1_000 }))).not.toContain(
      'alpha.example',
    )
  })

  it('is of a list of ours, under a name of its own, and no more than one may keep', async () => {
    const cid = world.api.engine.as(await person('CID', 'analyst'))
    const bad = [
      'https://evil.example/console/cases',
      '//evil.example/console/cases?a=b',
      'javascript:alert(1)',
      '/console/do/tips.dismiss',
      '/console/cases/../../v1/people',
      String.raw`\\evil.example\console\cases`,
      '',
    ]
    for (const place of bad) {
      const asked = cid.views.save({ name: 'bad', place })
      await expect(asked, place).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'place' })
    }
    for (const name of ['a', 'b', 'c']) await cid.views.save({ name, place: OPEN })
    const full = { code: 'CONFLICT', message: expect.stringContaining('viewsMax') as string }
    await expect(cid.views.save({ name: 'd', place: OPEN })).rejects.toMatchObject(full)
    const [first] = await cid.views.list()
    const taken = cid.views.rename({ id: first?.id ?? '', name: 'B' })
    await expect(taken).rejects.toMatchObject({ code: 'CONFLICT', field: 'name' })
  })
})

async function person(
  pseudonym: string,
  ...roles: readonly ('analyst' | 'admin' | 'officer' | 'auditor')[]
) {
  const { id } = await world.signIn(pseudonym, ...roles)
  return { id, pseudonym, kind: 'person', roles } as const
}
