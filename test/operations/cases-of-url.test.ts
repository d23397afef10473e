import { afterAll, beforeAll, expect, it } from 'vitest'
import { callsFor } from '../../src/operations/index.ts'
import { type Api, faceOf, startApi } from '../http/api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.dispose())

async function callsOf(role: 'analyst' | 'auditor' | 'intake') {
  const { key } = await api.keyOf(role)
  return callsFor(faceOf(api).parts, await api.engine.authenticate(key))
}

it('every case of a URL is found, however the URL is written, and whoever looks is in the audit', async () => {
  const analyst = await callsOf('analyst')
  const assess = (url: string) =>
    analyst.assessments.assess({
      url,
      classification: 'Baseline',
      reason: 'seen',
      pageItself: true,
    })
  const { id } = await assess('https://host.example/a.jpg')
  await assess('https://host.example/b.jpg')
  await analyst.cases.close({ id, reason: 'a test' })
  const found = await analyst.cases.ofUrl({ url: 'HTTPS://HOST.example:443/a.jpg#top' })
  expect(found).toMatchObject([{ id, status: 'closed' }])
  expect(await analyst.cases.ofUrl({ url: 'https://host.example/c.jpg' })).toEqual([])
  await expect(analyst.cases.ofUrl({ url: 'no url' })).rejects.toMatchObject({
    code: 'URL_INVALID',
  })
  const auditor = await callsOf('auditor')
  const looked = (await auditor.audit.list({ limit: 100 })).filter(
    ({ action }) => action === 'case.list',
  )
  expect(looked.map(({ detail }) => detail)).toEqual([{ count: 1 }, { count: 0 }])
  const intake = await callsOf('intake')
  await expect(intake.cases.ofUrl({ url: 'https://host.example/a.jpg' })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
})
