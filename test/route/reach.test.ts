import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CLASSIFICATIONS, isCrime } from '../../src/register/index.ts'
// The parts of one folder that no other folder may enter are tested where they are.
import { fit } from '../../src/route/fits.ts'
import { type Policy, policySchema } from '../../src/route/policy-schema.ts'
import { reachOf } from '../../src/route/reach.ts'
import type { Facts } from '../../src/route/routing.ts'

const PLACES = ['SE', 'unknown'] as const
const place = fc.subarray(['home', ...PLACES], { minLength: 1 })
const conditions = {
  nature: fc.constantFrom('illegal', 'harmful'),
  classification: fc.subarray([...CLASSIFICATIONS], { minLength: 1 }),
  account: fc.boolean(),
  inDangerNow: fc.boolean(),
  host: fc.subarray(['provider', 'platform', 'proxy', 'onion'], { minLength: 1 }),
  hostName: fc.constantFrom('Alpha'),
  country: place,
  child: place,
}
const all = fc.record(conditions, { requiredKeys: [] })
const when = fc.record(
  { ...conditions, any: fc.array(all, { minLength: 1, maxLength: 2 }) },
  { requiredKeys: [] },
)
const tell = fc.array(
  fc.oneof(fc.constantFrom('police', 'host'), fc.record({ to: fc.constant('police'), when })),
  { minLength: 1, maxLength: 2 },
)
const policies = fc
  .tuple(fc.array(fc.record({ when, tell }), { maxLength: 3 }), tell)
  .map(([rules, last]) =>
    policySchema.parse({
      version: 1,
      home: 'SE',
      recipients: { police: { role: 'police', name: 'P', language: 'sv', jurisdiction: 'SE' } },
      rules: [...rules, { tell: last }].map((rule, n) => ({ ...rule, rule: `r${n}`, why: 'w' })),
      ladder: [],
    }),
  )

/** One of each kind that the conditions above can tell apart. */
function* everyCase(): Generator<Facts> {
  const places = [...PLACES, 'XX']
  for (const classification of CLASSIFICATIONS)
    for (const account of [false, true])
      for (const inDangerNow of [false, true])
        for (const host of ['provider', 'platform', 'proxy', 'onion'] as const)
          for (const hostName of ['Alpha', 'Beta'])
            for (const country of places)
              for (const child of places)
                yield {
                  nature: isCrime(classification) ? 'illegal' : 'harmful',
                  classification,
                  account,
                  inDangerNow,
                  host,
                  hostName,
                  country,
                  child,
                  ownRequest: false,
                  referral: false,
                  municipality: false,
                  offender: null,
                  hotline: false,
                }
}

/** What is reached by trying every case with the rules as the router does. */
function tried({ rules, home }: Policy): Set<string> {
  const found = new Set<string>()
  for (const facts of everyCase()) {
    const rule = rules.find((one) => fit(one.when, facts, home).fits)
    for (const { to, when: only } of rule?.tell ?? []) {
      if (to !== 'police' || !fit(only, facts, home).fits) continue
      found.add(`${rule?.rule} ${facts.nature} ${facts.account}`)
    }
  }
  return found
}

it('finds of what somebody can be told, as if every case had been routed', () => {
  fc.assert(
    fc.property(policies, (policy) => {
      const found = reachOf(policy).map(
        ({ rule, nature, account }) => `${rule} ${nature} ${account}`,
      )
      expect(new Set(found)).toEqual(tried(policy))
    }),
    { numRuns: 30 },
  )
})

it('reads a policy of many countries without trying each with each', () => {
  const codes = Array.from({ length: 26 }, (_, at) => `X${String.fromCharCode(65 + at)}`)
  const rules = codes.map((code) => ({
    when: { any: [{ country: code }, { child: code }, { offender: code }] },
    tell: ['host'],
  }))
  const policy = policySchema.parse({
    version: 1,
    home: 'SE',
    recipients: { police: { role: 'police', name: 'P', language: 'sv', jurisdiction: 'SE' } },
    rules: [...rules, { tell: ['police'] }].map((rule, n) => ({
      ...rule,
      rule: `r${n}`,
      why: 'w',
    })),
    ladder: [],
  })
  expect(reachOf(policy)).toHaveLength(4)
})
