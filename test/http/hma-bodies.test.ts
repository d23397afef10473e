import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Api, startApi } from './api.ts'

let api: Api
let key: string

beforeAll(async () => {
  api = await startApi()
  key = (await api.keyOf('hma-client')).key
})
afterAll(() => api.dispose())

it('HMA’s API refuses a form where it takes JSON, and JSON where it takes a form', async () => {
  const body = new FormData()
  body.append('photo', new Blob(['a file']), 'a.jpg')
  const headers = { authorization: `Bearer ${key}` }
  const form = await fetch(`${api.url}/hma/m/compare`, { method: 'POST', headers, body })
  expect([form.status, await form.json()]).toMatchObject([
    400,
    { message: 'the body must be a JSON object' },
  ])
  const json = await api.call('POST', '/hma/m/lookup', { key, body: { photo: 'x' } })
  expect([json.status, json.body]).toMatchObject([
    400,
    { message: 'Missing multipart/form-data file upload' },
  ])
})
