import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConsoleWorld, openConsole } from './browser.ts'
import { printed } from './printed.ts'

let world: ConsoleWorld
beforeAll(async () => {
  world = await openConsole({ 'trace.registries': false })
})
afterAll(() => world.dispose())

describe('the page of the policy', () => {
  it('says the rules and files that the command prints, with their versions, to an auditor', async () => {
    const auditor = await world.signIn('P-AUD', 'auditor')
    const { html } = await auditor.get('/console/policy')
    const rules = JSON.parse(
      await printed(world.api, ['auditor'], 'policy', 'rules', '--json'),
    ) as {
      rules: readonly { rule: string; why: string }[]
    }
    expect(rules.rules.length).toBeGreaterThan(5)
    for (const { rule } of rules.rules) expect(html).toContain(`<strong>${rule}</strong>`)
    const files = JSON.parse(
      await printed(world.api, ['auditor'], 'policy', 'list', '--json'),
    ) as readonly {
      name: string
      version: string
    }[]
    for (const { name, version } of files) {
      expect(html).toContain(name)
      expect(html).toContain(`<code>${version}</code>`)
    }
    expect(html).not.toContain('/console/policy/route')
    expect((await auditor.get('/console/policy/route')).status).toBe(403)
    const one = await auditor.get('/console/policy?file=jurisdictions%2FSE.yaml')
    expect(one.html).toContain('Post- och telestyrelsen')
    for (const name of ['../package.json', 'nothing.yaml', '/etc/passwd', 'rdap/asn.json']) {
      const { status } = await auditor.get(`/console/policy?file=${encodeURIComponent(name)}`)
      expect([name, status]).toEqual([name, 404])
    }
    const many = await auditor.get('/console/policy?file=municipalities.yaml')
    expect(many.html.match(/data-row/g)?.length).toBe(50)
    expect(many.html).toContain('from=50')
  })

  it('tells an analyst who would be told of what, by the rule that the command names', async () => {
    const analyst = await world.signIn('P-ANA', 'analyst')
    await analyst.get('/console/policy/route')
    const home = await analyst.post('/console/policy/route', { kind: 'provider', country: 'se' })
    const said = await printed(
      world.api,
      ['analyst'],
      'route',
      'explain',
      '--country',
      'SE',
      '--host-kind',
      'provider',
    )
    expect(said).toContain('decided by home')
    expect(home.html).toContain('<strong>home</strong>')
    expect(home.html).toContain('Polismyndigheten (the police)')
    expect(home.html).toContain('waits for the police, 72 h at most')
    const danger = await analyst.post('/console/policy/route', {
      kind: 'provider',
      country: 'NL',
      inDangerNow: 'true',
    })
    expect(danger.html).toContain('<strong>in-danger-now</strong>')
    // A question changes nothing: nobody is told, and there is no case.
    const { stages } = world.api.engine
    expect([await stages.cases.list({}), await stages.takedown.list({})]).toEqual([[], []])
  })

  it('shows a refused question again, with what was typed, and a URL defanged', async () => {
    const analyst = await world.signIn('P-ANA2', 'analyst')
    await analyst.get('/console/policy/route')
    const refused = await analyst.post('/console/policy/route', {
      url: 'not a "><script>alert(1)</script> url',
      childMunicipality: 'Nowhere at all',
    })
    expect(refused.html).toContain('role="alert"')
    expect(refused.html).toContain('Nowhere at all')
    expect(refused.html).not.toContain('<script>alert')
    const shown = await analyst.post('/console/policy/route', {
      url: 'https://198.51.100.7/picture.jpg',
    })
    const asked = shown.html.split('id="shown"')[1]?.split('id="ask"')[0] ?? ''
    expect(asked).toContain('hxxps://198[.]51[.]100[.]7/picture.jpg')
    expect(asked).not.toContain('href="https://198')
  })
})
