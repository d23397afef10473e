import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { defined } from '../../src/core/index.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { type Api, startApi } from './api.ts'

let api: Api
let host: Host
let key: string

beforeAll(async () => {
  const picture = await sceneJpeg(82)
  host = await httpHost((_request, response) => {
    response.setHeader('content-type', 'image/jpeg').end(picture)
  })
  api = await startApi({
    'fetch.allowNetworks': ['127.0.0.0/8'],
    'fetch.allowPorts': [80, host.port],
  })
  key = (await api.keyOf('hma-client')).key
})
afterAll(async () => {
  await api.dispose()
  await host.close()
})

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

it('HMA’s API does not say of a picture of too few pixels that it is unknown', async () => {
  const lookUp = async (side: number) => {
    const photo = await sharp(await sceneJpeg(77))
      .resize(side, side, { fit: 'fill' })
      .jpeg()
      .toBuffer()
    const body = new FormData()
    body.append('photo', new Blob([Uint8Array.from(photo)]), 'a.jpg')
    const headers = { authorization: `Bearer ${key}` }
    return (await fetch(`${api.url}/hma/m/lookup`, { method: 'POST', headers, body })).status
  }
  expect([await lookUp(28), await lookUp(27)]).toEqual([200, 400])
})

it('HMA’s API keeps a note and metadata from JSON, from a form, and from the fields of one', async () => {
  const key = (await api.keyOf('hma-curator')).key
  const officer = (await api.keyOf('officer')).key
  await api.call('POST', '/hma/c/banks', { key: officer, body: { name: 'NOTES' } })
  const metadata = { content_id: 'one', json: { of: ['a', { client: 1 }] } }
  const send = async (query: string, init: RequestInit, type?: string) => {
    const headers = defined({ authorization: `Bearer ${key}`, 'content-type': type })
    const path = `${api.url}/hma/c/bank/NOTES/content${query}`
    const answer = await fetch(path, { method: 'POST', headers, ...init })
    return { status: answer.status, body: (await answer.json()) as { id: number } }
  }
  const keptWith = async (added: { body: { id: number } }) => {
    const path = `/hma/c/bank/NOTES/content/${String(added.body.id)}`
    return (await api.call('GET', path, { key })).body
  }
  const form = new FormData()
  form.append('photo', new Blob([Uint8Array.from(await sceneJpeg(81))]), 'a.jpg')
  form.append('note', 'seen')
  form.append('metadata', JSON.stringify({ ...metadata, collab: 'passed over' }))
  form.append('content_id', 'passed over, as HMA does')
  const sent = await send('', { body: form })
  expect([sent.status, await keptWith(sent)]).toMatchObject([200, { note: 'seen', metadata }])
  const path = `/hma/c/bank/NOTES/content/${String(sent.body.id)}?include_metadata=false`
  expect((await api.call('GET', path, { key })).body).not.toHaveProperty('metadata')
  const url = `?url=${encodeURIComponent(`${host.origin}/a.jpg`)}`
  const fields = new URLSearchParams({ metadata: JSON.stringify(metadata) })
  const asFields = await send(url, { body: fields })
  expect([asFields.status, await keptWith(asFields)]).toMatchObject([200, { metadata }])
  // Ruby's client says so of nothing: HMA takes no notice.
  const nothing = await send(url, {}, 'application/x-www-form-urlencoded')
  expect(nothing.status).toBe(409)

  const refusals = [
    { metadata: { other: 1 } },
    { metadata: 'text' },
    { note: 'x'.repeat(256) },
    { note: 5 },
  ]
  for (const body of refusals) {
    const refused = await send(url, { body: JSON.stringify(body) }, 'application/json')
    expect([body, refused.status]).toEqual([body, 400])
  }
})
