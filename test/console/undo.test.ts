import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConsoleWorld, openConsole } from './browser.ts'

let world: ConsoleWorld
beforeAll(async () => {
  world = await openConsole({ 'trace.registries': false })
})
afterAll(() => world.dispose())

async function tip(path: string, more: object = {}): Promise<string> {
  const { key } = await world.api.keyOf('intake')
  const body = { source: 'public', url: `https://pictures.example/${path}`, ...more }
  return ((await world.api.call('POST', '/v1/tips', { key, body })).body as { id: string }).id
}
const linkBack = (place: string) => `<a href="${place}">Back to it, where it can be undone</a>`

describe('undo in the console', () => {
  it('of a dismissed tip stands behind the message, and puts the tip back', async () => {
    const id = await tip('dull.jpg')
    const ann = await world.signIn('ANN', 'analyst')
    await ann.get(`/console/tips/${id}`)
    const after = await ann.submit('tips.dismiss', { why: 'gone', reason: 'the wrong one' })
    expect(after.html).toContain(linkBack(`/console/tips/${id}`))
    const shown = await ann.get(`/console/tips/${id}`)
    expect(shown.html).toContain('Undone, it waits in the queue again')
    const { html } = await ann.submit('tips.reopen', { reason: 'a slip' })
    expect(html).not.toContain('id="undo"')
    expect((await ann.get('/console')).html).toContain('dull.jpg')
  })

  it('of an assessment says until when, and closes the case; a colleague is offered nothing', async () => {
    const id = await tip('new.jpg')
    const bea = await world.signIn('BEA', 'analyst')
    await bea.get(`/console/tips/${id}`)
    await bea.submit('assessments.assess', { classification: 'Baseline', reason: 'seen' })
    const [opened] = await world.api.engine.stages.cases.forUrl('https://pictures.example/new.jpg')
    const place = `/console/cases/${opened?.id ?? ''}`
    const cid = await world.signIn('CID', 'analyst')
    expect((await cid.get(place)).html).not.toContain('id="undo"')
    expect((await bea.get(place)).html).toContain('It can be undone until the first letter leaves')
    const { html } = await bea.submit('cases.undo', { reason: 'a slip' })
    expect(html).not.toContain('id="undo"')
    expect((await world.api.engine.stages.cases.get(opened?.id ?? '')).status).toBe('closed')
    expect((await bea.get('/console')).html).toContain('new.jpg')
  })

  it('is a link to a record of ours, whatever the address says', async () => {
    const dan = await world.signIn('DAN', 'analyst')
    for (const back of [
      'https://evil.example/',
      '//evil.example',
      '/console/tips/"><b>',
      '/console/do/tips.dismiss',
    ]) {
      const { html } = await dan.get(`/console?done=1&back=${encodeURIComponent(back)}`)
      expect(html).toContain('role="status"')
      expect(html).not.toContain('where it can be undone')
      expect(html).not.toContain('evil.example')
    }
  })
})

describe('skipping in the console', () => {
  it('is for whoever took it, says that a child in danger is told of at once, and shows who and why', async () => {
    const id = await tip('live.jpg', { inDangerNow: true })
    const eva = await world.signIn('EVA', 'analyst')
    const fay = await world.signIn('FAY', 'analyst')
    expect((await eva.get(`/console/tips/${id}`)).html).not.toContain('tipAssignments.skip')
    await eva.submit('tipAssignments.take', {})
    const { html } = await eva.get(`/console/tips/${id}`)
    expect(html).toContain('whoever is on duty is told at once')
    expect((await fay.get(`/console/tips/${id}`)).html).not.toContain('tipAssignments.skip')
    await eva.get(`/console/tips/${id}`)
    await eva.submit('tipAssignments.skip', { why: 'language', reason: '<b>Urdu</b>' })
    expect((await fay.get('/console')).html).toContain('nobody, skipped by 1')
    const shown = (await fay.get(`/console/tips/${id}`)).html
    expect(shown).toContain('the language: &lt;b&gt;Urdu&lt;/b&gt;')
    expect(shown).toContain('EVA')
    const waiting = await (await world.signIn('OLE', 'officer')).get('/console/waiting')
    expect(waiting.html).toContain('A tip that several skipped, or that must not be left lying')
  })
})
