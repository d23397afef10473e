import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Role } from '../../src/access/index.ts'
import { contentOf } from './hma-content.ts'
import { type Api, startApi } from './api.ts'

/** What becomes of a bank that a client of HMA deletes or renames, and of content that it disables. */
const PDQ = 'd811ac390bfa6005d08543fe27fd5a11f6b55bdd2603000dc26476fc79fc76b5'
const OTHER = 'fedcba98765432100123456789abcdef0f1e2d3c4b5a69788796a5b4c3d2e1f0'

interface Keys {
  readonly officer: string
  readonly second: string
  readonly verifier: string
}

async function withBanks(
  settings: Readonly<Record<string, unknown>>,
  work: (api: Api, keys: Keys, lookUp: (hash: string) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const api = await startApi(settings)
  try {
    const keyed = async (...roles: readonly Role[]) => (await api.keyOf(...roles)).key
    const keys = {
      officer: await keyed('officer', 'hma-curator'),
      second: await keyed('officer', 'hma-client'),
      verifier: await keyed('verifier', 'hma-curator'),
    }
    await contentOf(api, 'OLD', PDQ, keys)
    await contentOf(api, 'KEPT', OTHER, keys)
    await work(api, keys, async (hash) => {
      const path = `/hma/m/lookup?signal_type=pdq&signal=${hash}`
      return (await api.call('GET', path, { key: keys.officer })).body
    })
  } finally {
    await api.dispose()
  }
}

it('two officers delete a bank that holds much of what banks hold: then it matches no more, and its evidence stays', async () => {
  await withBanks({}, async (api, { officer, second, verifier }, lookUp) => {
    const remove = (key: string) => api.call('DELETE', '/hma/c/bank/OLD', { key })
    for (const key of [officer, officer]) {
      const waits = await remove(key)
      expect([waits.status, waits.body]).toMatchObject([403, { code: 'SAME_PERSON' }])
      expect(await lookUp(PDQ)).toEqual({ OLD: [{ bank_content_id: 1, distance: '0' }] })
    }
    expect(await remove(second)).toMatchObject({ status: 200, body: { message: 'Done' } })
    expect(await lookUp(PDQ)).toEqual({})
    expect(await lookUp(OTHER)).toEqual({ KEPT: [{ bank_content_id: 2, distance: '0' }] })
    expect(await api.call('GET', '/hma/c/bank/OLD', { key: officer })).toMatchObject({
      status: 404,
    })
    const banks = await api.call('GET', '/hma/c/banks', { key: officer })
    expect(banks.body).toEqual([{ name: 'KEPT', matching_enabled_ratio: 1 }])
    const [item] = (await api.call('GET', '/v1/items?list=OLD', { key: verifier })).body as {
      id: string
      status: string
      matching: string
    }[]
    expect(item).toMatchObject({ status: 'verified', matching: 'none' })

    // A bank of that name is a new one to the client; what was taken out of matching stays so until a verifier says.
    const again = await api.call('POST', '/hma/c/banks', { key: officer, body: { name: 'OLD' } })
    expect(again.status).toBe(201)
    expect(await lookUp(PDQ)).toEqual({})
    const enable = `/v1/items/${item?.id ?? ''}/enable`
    await api.call('POST', enable, { key: verifier, body: { reason: 'it is known material' } })
    expect(await lookUp(PDQ)).toEqual({ OLD: [{ bank_content_id: 1, distance: '0' }] })
  })
})

it('one officer deletes a bank that holds a small share, or whose list does without four eyes', async () => {
  await withBanks({ 'exchange.withdrawPercentMax': 50 }, async (api, { officer }, lookUp) => {
    expect(await api.call('DELETE', '/hma/c/bank/OLD', { key: officer })).toMatchObject({
      status: 200,
    })
    expect(await lookUp(PDQ)).toEqual({})
  })
  await withBanks({}, async (api, { officer }, lookUp) => {
    const body = { fourEyes: false, reason: 'of one person' }
    await api.call('POST', '/v1/lists/OLD/policy', { key: officer, body })
    expect(await api.call('DELETE', '/hma/c/bank/OLD', { key: officer })).toMatchObject({
      status: 200,
    })
    expect(await lookUp(PDQ)).toEqual({})
  })
})

it('nobody deletes the own list, or a bank that an exchange fills', async () => {
  await withBanks({ 'exchange.allowHttpLoopback': true }, async (api, { officer, second }) => {
    expect(await api.call('DELETE', '/hma/c/bank/own', { key: officer })).toMatchObject({
      status: 403,
    })
    const { key } = await api.keyOf('exchange')
    const credentials = { username: 'u', password: 'p' }
    const source = { list: 'OLD', protocol: 'ncmec', url: 'http://127.0.0.1:9', credentials }
    const added = await api.call('POST', '/v1/sources', { key, body: source })
    expect(added.status).toBe(201)
    for (const officerKey of [officer, second]) {
      const refused = await api.call('DELETE', '/hma/c/bank/OLD', { key: officerKey })
      expect([refused.status, refused.body]).toMatchObject([409, { code: 'CONFLICT' }])
    }

    const read = async (path: string) =>
      (await api.call('GET', `/hma/c/${path}`, { key: officer })).body
    expect(await read('exchanges')).toEqual(['OLD'])
    expect(await read('exchange/OLD')).toEqual({ name: 'OLD', api: 'ncmec', enabled: true })
    expect(await read('exchange/OLD/status')).toMatchObject({ up_to_date: false, fetched_items: 0 })
    expect(await read('exchanges/api/ncmec')).toEqual({
      supports_authentification: true,
      has_set_authentification: true,
    })
    expect(JSON.stringify(await read('exchange/OLD'))).not.toContain('"p"')
  })
})

it('content is disabled as an item is, by either way, and says until when', async () => {
  await withBanks({}, async (api, { verifier }, lookUp) => {
    const path = '/hma/c/bank/OLD/content/1'
    const until = Math.floor(Date.now() / 1_000) + 86_400
    const put = (body: object, key = verifier) => api.call('PUT', path, { key, body })
    const told = async () =>
      ((await api.call('GET', path, { key: verifier })).body as { disable_until_ts: number })
        .disable_until_ts
    expect((await put({ disable_until_ts: String(until) })).body).toMatchObject({
      disable_until_ts: until,
    })
    expect([await told(), await lookUp(PDQ)]).toEqual([until, {}])
    await put({ disable_until_ts: 1 })
    expect([await told(), Object.keys((await lookUp(PDQ)) as object)]).toEqual([1, ['OLD']])

    const [item] = (await api.call('GET', '/v1/items?list=OLD', { key: verifier })).body as {
      id: string
    }[]
    const body = { until: new Date(until * 1_000).toISOString(), reason: 'a doubt' }
    await api.call('POST', `/v1/items/${item?.id ?? ''}/disable`, { key: verifier, body })
    expect([await told(), await lookUp(PDQ)]).toEqual([until, {}])
    const { key } = await api.keyOf('hma-curator')
    expect(await put({ disable_until_ts: 1 }, key)).toMatchObject({ status: 403 })
    expect(await told()).toBe(until)
  })
})

it('a share is a float in what is sent, as clients with strict types want it', async () => {
  await withBanks({}, async (api, { officer }) => {
    const headers = { authorization: `Bearer ${officer}` }
    const sent = await fetch(`${api.url}/hma/c/bank/OLD`, { headers })
    expect(await sent.text()).toBe('{"name":"OLD","matching_enabled_ratio":1.0}')
  })
})

it('a network is trusted only where the house says so, and only to look up', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-trusted-'))
  const keyFile = join(directory, 'key')
  const settings = { 'hma.trustedNetworks': ['127.0.0.0/8'], 'hma.keyFile': keyFile }
  try {
    await withBanks(settings, async (api, { officer }) => {
      const ask = async (path: string, method = 'GET') => (await api.call(method, path)).status
      expect(await ask('/hma/c/banks')).toBe(500)
      const first = await api.keyOf('hma-client')
      const { key: admin } = await api.keyOf('admin')
      writeFileSync(keyFile, `${first.key}\n`)
      expect(await api.call('GET', '/hma/c/banks')).toMatchObject({ status: 200 })
      const found = await api.call('GET', `/hma/m/lookup?signal_type=pdq&signal=${PDQ}`)
      expect(found.body).toEqual({ OLD: [{}] })
      expect(await ask('/hma/c/bank/OLD', 'DELETE')).toBe(403)
      expect(await ask('/v1/lists')).toBe(401)
      const headers = { authorization: 'Bearer wrong' }
      expect(await api.call('GET', '/hma/c/banks', { headers })).toMatchObject({ status: 401 })
      const renewed = await api.keyOf('hma-client')
      await api.call('POST', `/v1/keys/${first.keyId}/revoke`, { key: admin })
      expect(await ask('/hma/c/banks')).toBe(401)
      writeFileSync(keyFile, `${renewed.key}\n`)
      expect(await ask('/hma/c/banks')).toBe(200)
      writeFileSync(keyFile, officer)
      expect(await ask('/hma/c/banks')).toBe(403)
    })
    await withBanks({ ...settings, 'hma.trustedNetworks': ['10.0.0.0/8'] }, async (api) => {
      expect(await api.call('GET', '/hma/c/banks')).toMatchObject({ status: 401 })
    })
    await withBanks({}, async (api) => {
      expect(await api.call('GET', '/hma/c/banks')).toMatchObject({ status: 401 })
    })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
  const without = startApi({ 'hma.trustedNetworks': ['10.0.0.0/8'] })
  await expect(without).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
})
