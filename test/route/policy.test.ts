import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NO_CIRCUMSTANCES } from '../../src/cases/index.ts'
import { packageFile } from '../../src/core/index.ts'
import { hostWith, openRouting, type RoutingWorld, told } from './routing.ts'

const POLICE = 'police@police.example'
const DESK = 'host mail:abuse@one.example'

let world: RoutingWorld
beforeAll(async () => {
  world = await openRouting({ 'route.addresses': { police: POLICE } })
})
afterAll(() => world.context.dispose())

describe('the shipped policy', () => {
  it('tells the police first of a Swedish host, and the host once they released it', async () => {
    const decision = await world.decide({ country: 'SE' })
    expect(decision.rule).toBe('home')
    expect(told(decision)).toEqual([`police mail:${POLICE}`, `${DESK} held 72 h`])
    expect(decision.recipients[0]).toMatchObject({ language: 'sv', jurisdiction: 'SE' })
  })

  it.each([{ childCountry: 'SE' }, { offenderCountry: 'SE' }])(
    'does so wherever the host is, where %j',
    async (circumstances) => {
      const decision = await world.decide({ country: 'NL' }, circumstances)
      expect(decision.rule).toBe('home')
      expect(told(decision)).toEqual([`police mail:${POLICE}`, `${DESK} held 72 h`])
    },
  )

  it('tells the hotline of the country of a host abroad, and INTERPOL', async () => {
    const decision = await world.decide({ country: 'NL' }, { childCountry: 'DK' })
    expect(decision.rule).toBe('abroad-with-a-hotline')
    expect(told(decision)).toEqual(['hotline iccam:NL', 'interpol interpol'])
    // Where nothing happens, the host is told after all.
    expect(decision.ladder.map(({ role }) => role)).toEqual(['host'])
  })

  it('tells the host directly where no hotline is', async () => {
    const decision = await world.decide({ country: 'VU' })
    expect(decision.rule).toBe('abroad-direct')
    expect(told(decision)).toEqual([DESK, 'interpol interpol'])
  })

  it('tells the host directly where its country is not known', async () => {
    expect((await world.decide({ country: null })).rule).toBe('abroad-direct')
  })

  it("uses a platform's own channel, wherever the platform is", async () => {
    const decision = await world.decide({ kind: 'platform', country: 'US' })
    expect(decision.rule).toBe('platform')
    expect(told(decision)).toEqual(['platform mail:abuse@one.example'])
  })

  it('tells police and platform at once, with priority, where the child itself asks', async () => {
    const decision = await world.decide({ kind: 'platform', country: 'US' }, { ownRequest: true })
    expect(decision.rule).toBe('child-asks')
    expect(told(decision)).toEqual([`police mail:${POLICE}`, 'platform mail:abuse@one.example'])
    expect(decision.recipients.map(({ priority }) => priority)).toEqual([1, 1])
  })

  it('also of an account that threatens, with a referral where one is asked for', async () => {
    const account = { account: true, ownRequest: true, referral: true }
    const decision = await world.decide({ kind: 'platform', country: 'US' }, account)
    expect(told(decision)).toEqual([
      `police mail:${POLICE}`,
      'platform mail:abuse@one.example',
      'social-services by-hand:social-services',
    ])
    expect((await world.decide({ country: 'US' }, { account: true })).rule).toBe(
      'threatening-account',
    )
  })

  it('reports an onion service to the police, and to nobody else', async () => {
    const onion = { kind: 'onion', country: null, channel: null, contactSource: null } as const
    const decision = await world.decide(onion)
    expect(told(decision)).toEqual([`police mail:${POLICE}`])
    expect(decision.ladder).toEqual([])
  })

  it('tells the host alone of what is harmful and no crime, and never calls it one', async () => {
    const decision = await world.decide({ country: 'SE' }, { childCountry: 'SE' }, 'Harmful')
    expect(decision).toMatchObject({ rule: 'harmful-not-illegal', nature: 'harmful', ladder: [] })
    expect(told(decision)).toEqual([DESK])
  })

  it('tells a proxy where the host behind it is not known', async () => {
    const decision = await world.decide({
      kind: 'proxy',
      country: null,
      channel: { kind: 'http-api', api: 'cloudflare-abuse' },
    })
    expect(told(decision)).toEqual(['proxy api:cloudflare-abuse', 'interpol interpol'])
  })

  it('says whom nobody can reach, and asks each rung of the ladder once', async () => {
    const owner = { kind: 'mail', address: 'ABUSE@one.example' } as const
    const decision = await world.decide({
      country: 'VU',
      contacts: [{ role: 'site-owner', name: 'Same', channel: owner, source: 'settings' }],
    })
    expect(decision.ladder).toEqual([])
    expect(decision.unreachable).toEqual([])
    const nobody = await world.decide({ country: 'VU', channel: null, contactSource: null })
    expect(told(nobody)).toEqual(['interpol interpol'])
    expect(nobody.unreachable).toEqual(['host: no contact is known'])
  })

  it('leaves to a person whom the settings give no address', async () => {
    const bare = await openRouting()
    expect(told(await bare.decide({ country: 'SE' }))[0]).toBe('police by-hand:police')
    await bare.context.dispose()
  })
})

describe('explain', () => {
  it('tries the rules in order and says of each why it fits or not', async () => {
    const circumstances = { ...NO_CIRCUMSTANCES, childCountry: 'DK' }
    const entry = { classification: 'Baseline', circumstances } as const
    const { trials, decision, facts } = await world.router.explain(
      entry,
      hostWith({ country: 'NL' }),
    )
    expect(decision.rule).toBe('abroad-with-a-hotline')
    expect(facts).toMatchObject({ country: 'NL', hotline: true, child: 'DK', offender: null })
    expect(trials.map(({ rule, fits }) => `${rule} ${fits}`)).toEqual([
      'harmful-not-illegal false',
      'in-danger-now false',
      'child-asks false',
      'threatening-account false',
      'onion-service false',
      'home false',
      'platform false',
      'behind-a-proxy false',
      'abroad-with-a-hotline true',
    ])
    expect(trials[5]?.because).toEqual([
      'country is not home (SE): it is NL',
      'child is not home (SE): it is DK',
      'offender is not home (SE): it is unknown',
    ])
    expect(trials[8]?.because).toEqual(['hotline is true'])
  })
})

describe('words', () => {
  it('calls nothing an order', () => {
    const files = readdirSync(packageFile('policy'), { recursive: true }).map(String)
    const texts = files
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readFileSync(packageFile(`policy/${name}`), 'utf8'))
    expect(texts.length).toBeGreaterThan(3)
    expect(
      texts.join('\n').replaceAll('in which order', '').replaceAll('in this order', ''),
    ).not.toMatch(/\border/i)
  })
})
