import { expect } from 'vitest'
import type { Api } from './api.ts'

/** A bank with a hash that one person proposed and another verified. */
export async function contentOf(
  api: Api,
  bank: string,
  pdq: string,
  { officer, verifier }: { readonly officer: string; readonly verifier: string },
): Promise<void> {
  await api.call('POST', '/hma/c/banks', { key: officer, body: { name: bank } })
  const add = { key: officer, body: { pdq } }
  expect(await api.call('POST', `/hma/c/bank/${bank}/signal`, add)).toMatchObject({ status: 200 })
  const waiting = await api.call('GET', `/v1/items?status=proposed&list=${bank}`, { key: verifier })
  const [item] = waiting.body as { id: string }[]
  const verified = await api.call('POST', `/v1/items/${item?.id ?? ''}/verify`, {
    key: verifier,
    body: { acknowledgeFindings: true },
  })
  expect(verified.status).toBe(200)
}
