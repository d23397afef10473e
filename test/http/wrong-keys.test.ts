import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWrongKeys, type WrongKeyOutcome } from '../../src/http/wrong-keys.ts'
import { type Api, startApi } from './api.ts'

describe('wrong keys', () => {
  let api: Api
  let officer: string
  beforeAll(async () => {
    api = await startApi({ 'limits.wrongKeysPerSecond': 5 })
    officer = (await api.keyOf('officer', 'auditor', 'monitor')).key
  })
  afterAll(() => api.dispose())

  it('are slowed down, refused and counted; a right key of the same address never waits', async () => {
    const key = `${officer.slice(0, -4)}AAAA`
    const tried = Array.from({ length: 100 }, () => api.call('GET', '/v1/items', { key }))
    const right = await api.call('GET', '/v1/items', { key: officer })
    expect(right.status).toBe(200)
    const statuses = (await Promise.all(tried)).map(({ status }) => status)
    const of = (wanted: number) => statuses.filter((status) => status === wanted).length
    expect(of(401) + of(429)).toBe(100)
    expect(of(429)).toBeGreaterThan(20)
    expect((await api.call('GET', '/v1/items', { key: officer })).status).toBe(200)
    const { body } = await api.call('GET', '/metrics', { key: officer })
    for (const outcome of ['answered', 'slowed', 'refused']) {
      expect(body).toMatch(new RegExp(`hindra_wrong_keys_total{outcome="${outcome}"} [1-9]`))
    }
    expect(body).not.toContain('127.0.0.1')
  })
})

describe('whoever tries keys', () => {
  it.each([
    ['192.0.2.1', '192.0.2.2', false],
    ['2001:db8:1:2::1', '2001:db8:1:2:3::9', true],
    ['2001:db8::1', '2001:db8:0:0:5:6:7:8', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ])('is known by address, IPv6 by network: %s and %s', async (first, second, isSame) => {
    const outcomes: WrongKeyOutcome[] = []
    const wrongKeys = createWrongKeys(2, (outcome) => outcomes.push(outcome))
    await wrongKeys.hold(first)
    await wrongKeys.hold(first)
    await wrongKeys.hold(second)
    expect(outcomes.at(-1)).toBe(isSame ? 'slowed' : 'answered')
  })
})
