import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FigureExplanation, HouseReport } from '../../src/reports/index.ts'
import { type Api, startApi } from './api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.dispose())

const year = new Date().toISOString().slice(0, 4)

it('counts are for who may see statistics, rows for who may read what they are', async () => {
  const { key: intake } = await api.keyOf('intake')
  const body = { url: 'https://one.example/a.jpg', source: 'public' }
  expect(await api.call('POST', '/v1/tips', { key: intake, body })).toMatchObject({ status: 201 })

  const { key: statistics } = await api.keyOf('statistics')
  const made = await api.call('GET', `/v1/reports/ecpat?period=${year}`, { key: statistics })
  const { figures, forPublication } = made.body as HouseReport
  expect(forPublication).toBe(false)
  const tips = figures.find(({ id }) => id === 'tips')
  expect(tips?.lines.at(-1)?.cells[0]).toBe(1)

  const explained = `/v1/report-figures/tips?period=${year}`
  const { key: officer } = await api.keyOf('officer')
  for (const key of [statistics, officer]) {
    expect(await api.call('GET', explained, { key })).toMatchObject({ status: 403 })
  }
  const { key: analyst, id } = await api.keyOf('analyst')
  const answer = await api.call('GET', explained, { key: analyst })
  expect(answer.body).toMatchObject({ value: 1, rowsInAll: 1, gone: 0 })
  expect((answer.body as FigureExplanation).rows).toMatchObject([
    { of: 'tip', group: 'public', shows: 'new, public, hxxps://one[.]example/a.jpg' },
  ])
  const auditor = { id: 'a', pseudonym: 'A', kind: 'person', roles: ['auditor'] } as const
  const entries = await api.engine.as(auditor).audit.list({ limit: 1_000 })
  expect(entries.filter(({ by }) => by === id)).toContainEqual(
    expect.objectContaining({ action: 'report.explain', subject: 'tips' }),
  )
})

it.each([
  ['/v1/reports/ecpat?period=2026-13', 400],
  ['/v1/reports/ecpat', 400],
  ['/v1/reports/other?period=2026', 400],
  ['/v1/reports/ecpat?period=2026-07&publish=true', 400],
  ['/v1/reports/dsa?period=2198&publish=true', 409],
  ['/v1/report-figures/toString?period=2026', 404],
  ['/v1/report-figures/tips?period=2026&limit=0', 400],
])('refuses %s', async (path, status) => {
  const { key } = await api.keyOf('analyst')
  expect(await api.call('GET', path, { key })).toMatchObject({ status })
})
