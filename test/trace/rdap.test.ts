import { afterEach, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../src/core/index.ts'
import type { IpTables } from '../../src/trace/index.ts'
import { entity, network, openTrace, type RdapAnswerOf, type TraceWorld } from './registries.ts'

const ADDRESS = '45.90.1.7'
const URL_ = 'http://img.pictures.com/a.jpg'
const NAMES = { 'img.pictures.com': [ADDRESS] }
const HOLDER = entity('registrant', 'Good Hosting B.V.', undefined, [
  entity('abuse', 'Abuse desk', 'abuse@good.example'),
])

let world: TraceWorld
afterEach(() => world.dispose())

/** Says AS64500 of every address. */
const TABLES: IpTables = {
  country: () => ({ value: 'NL', table: 'countries of today' }),
  system: () =>
    Promise.resolve({ value: { asn: 64500, name: 'Transit AS' }, table: 'systems of today' }),
}

async function withAnswers(answers: Record<string, RdapAnswerOf>, tables = false) {
  world = await openTrace({ names: NAMES, answers, ...(tables ? { tables: TABLES } : {}) })
  return world.trace.find(URL_)
}

describe('contacts of registries', () => {
  it("takes the abuse contact of the network's holder, and keeps the chain", async () => {
    const host = await withAnswers({ [`ip/${ADDRESS}`]: network('NL', HOLDER) }, true)
    expect(host).toMatchObject({
      name: 'Good Hosting B.V.',
      kind: 'provider',
      country: 'NL',
      asn: 64500,
      channel: { kind: 'mail', address: 'abuse@good.example' },
      contactSource: 'rdap-ip',
      addresses: [ADDRESS],
    })
    expect(host.evidence.map(({ step, question }) => `${step} ${question}`)).toEqual(
      expect.arrayContaining([
        'dns img.pictures.com',
        `country ${ADDRESS}`,
        `system ${ADDRESS}`,
        'provider img.pictures.com',
        `rdap ip ${ADDRESS}`,
        'rdap autnum 64500',
        'rdap domain pictures.com',
        'security.txt pictures.com',
        'contact img.pictures.com',
      ]),
    )
    expect(host.evidence.every(({ at }) => at === host.tracedAt)).toBe(true)
    const told = host.evidence.find(({ question }) => question === `ip ${ADDRESS}`)
    expect(told?.answer).toMatch(
      /^Good Hosting B\.V\.; NL; abuse: abuse@good\.example \(127\.0\.0\.1/,
    )
  })

  it('keeps what is registered to the host as one network, and nothing of somebody else', async () => {
    const within = (startAddress: string, endAddress: string, ...entities: object[]) => ({
      [`ip/${ADDRESS}`]: { ...network('NL', ...entities), startAddress, endAddress },
    })
    const host = await withAnswers(within('45.90.0.0', '45.90.3.255', HOLDER), true)
    expect(host.network).toBe('45.90.0.0/22')
    const told = host.evidence.find(({ question }) => question === `ip ${ADDRESS}`)
    expect(told?.answer).toMatch(/^Good Hosting B\.V\.; 45\.90\.0\.0 - 45\.90\.3\.255; NL; /)
    await world.dispose()
    const others = await withAnswers(within('45.91.0.0', '45.91.3.255', HOLDER), true)
    expect(others.network).toBeNull()
    await world.dispose()
    // Space that is registered to nobody whom one could tell is no customer's.
    const system = { 'autnum/64500': { objectClassName: 'autnum', entities: [HOLDER] } }
    const whole = within('0.0.0.0', '255.255.255.255')
    const nobody = await withAnswers({ ...whole, ...system }, true)
    expect(nobody).toMatchObject({ contactSource: 'rdap-as', network: null })
  })

  it('prefers the contact closest to the object, and the one that is preferred', async () => {
    const near = {
      ...entity('abuse', 'Near'),
      vcardArray: [
        'vcard',
        [
          ['email', { pref: '2' }, 'text', 'second@near.example'],
          ['email', { pref: '1' }, 'text', 'first@near.example'],
        ],
      ],
    }
    const host = await withAnswers({ [`ip/${ADDRESS}`]: network('NL', HOLDER, near) })
    expect(host.abuseContact).toBe('first@near.example')
  })

  it('believes no registry that names itself, and nothing that is no address', async () => {
    const host = await withAnswers(
      {
        [`ip/${ADDRESS}`]: network(
          'NL',
          entity('abuse', 'RIPE', 'abuse@ripe.net'),
          entity('abuse', 'Odd', 'mailto:x@\r\nBcc: all@good.example'),
        ),
        'autnum/64500': {
          objectClassName: 'autnum',
          name: 'AS-TRANSIT',
          entities: [entity('abuse', 'Transit', 'abuse@transit.example')],
        },
      },
      true,
    )
    expect(host).toMatchObject({ abuseContact: 'abuse@transit.example', contactSource: 'rdap-as' })
  })

  it('finds registrar, site owner and upstream, whom nobody asks first', async () => {
    const host = await withAnswers(
      {
        [`ip/${ADDRESS}`]: network('NL', HOLDER),
        'autnum/64500': {
          objectClassName: 'autnum',
          entities: [entity('abuse', 'Transit', 'noc@transit.example')],
        },
        'domain/pictures.com': {
          objectClassName: 'domain',
          ldhName: 'pictures.com',
          entities: [
            entity('registrar', 'Names Inc.', undefined, [
              entity('abuse', 'Names Inc.', 'abuse@names.example'),
            ]),
          ],
        },
      },
      true,
    )
    expect(host.contacts.map(({ role, channel, source }) => [role, channel, source])).toEqual([
      ['site-owner', { kind: 'mail', address: 'abuse@pictures.com' }, 'abuse-mailbox'],
      ['registrar', { kind: 'mail', address: 'abuse@names.example' }, 'rdap-domain'],
      ['upstream', { kind: 'mail', address: 'noc@transit.example' }, 'rdap-as'],
    ])
  })

  it('guesses the abuse mailbox of the domain where every registry has answered', async () => {
    const host = await withAnswers({}, true)
    expect(host).toMatchObject({
      abuseContact: 'abuse@pictures.com',
      contactSource: 'abuse-mailbox',
      country: 'NL',
    })
  })
})

describe('a registry that is no help', () => {
  const faults: Record<string, [RdapAnswerOf, RegExp]> = {
    'asks for patience': [
      (response) => response.writeHead(429).end(),
      /too many questions \(429\)/,
    ],
    fails: [(response) => response.writeHead(503).end(), /answered 503/],
    'sends garbage': [(response) => response.end('<html>'), /no JSON/],
    'sends something else': [{ objectClassName: 'entity' }, /no RDAP object/],
    'nests without end': [
      (response) =>
        response.end(
          `{"objectClassName":"domain","entities":${'[{"entities":'.repeat(2_000)}[]${'}]'.repeat(2_000)}}`,
        ),
      /INVALID_INPUT: .*deep/,
    ],
    'sends a wrong shape': [{ objectClassName: 'ip network', entities: 'none' }, /no RDAP object/],
    'hangs up': [(response) => response.destroy(), /FETCH_FAILED/],
    'never answers': [() => undefined, /FETCH_FAILED: time-out/],
    'sends one to a private network': [
      (response) => response.writeHead(302, { location: 'http://10.0.0.1/ip' }).end(),
      /FETCH_REFUSED/,
    ],
  }
  it.each(Object.entries(faults))(
    'and %s: nothing is guessed, and it is asked again',
    async (...row) => {
      const [, [fault, why]] = row
      const host = await withAnswers({ [`ip/${ADDRESS}`]: fault }, true)
      expect(host).toMatchObject({ channel: null, contactSource: null, country: 'NL' })
      expect(host.evidence.find(({ question }) => question === `ip ${ADDRESS}`)?.answer).toMatch(
        why,
      )

      world.answers.set(`ip/${ADDRESS}`, network('NL', HOLDER))
      const again = await world.trace.find(URL_, { fresh: true })
      expect(again.abuseContact).toBe('abuse@good.example')
    },
  )

  it('is followed where it redirects to another', async () => {
    const host = await withAnswers({
      [`ip/${ADDRESS}`]: (response) => response.writeHead(301, { location: '/elsewhere' }).end(),
      elsewhere: network('NL', HOLDER),
    })
    expect(host.abuseContact).toBe('abuse@good.example')
  })
})

describe('questions', () => {
  it('are not asked twice within the hour, also right before sending', async () => {
    await withAnswers({ [`ip/${ADDRESS}`]: network('NL', HOLDER) })
    const count = () => world.asked.filter((path) => path === `ip/${ADDRESS}`).length
    await Promise.all([1, 2, 3].map(() => world.trace.find(URL_, { fresh: true })))
    expect(count()).toBe(1)
    world.clock.advance(61 * MINUTE_MS)
    await world.trace.find(URL_)
    expect(count()).toBe(1)
    await world.trace.find(URL_, { fresh: true })
    expect(count()).toBe(2)
    world.clock.advance(12 * HOUR_MS)
    await world.trace.find(URL_)
    expect(count()).toBe(3)
  })

  it('are not asked of private addresses, nor of names that nobody registers', async () => {
    world = await openTrace({
      names: { 'host.invalid': ['127.0.0.1'] },
      settings: {
        'trace.providers': [
          { name: 'Own', abuseContact: 'a@own.example', networks: ['127.0.0.0/8'] },
        ],
      },
    })
    expect((await world.trace.find('http://host.invalid/')).name).toBe('Own')
    expect(world.asked).toEqual([])
  })
})
