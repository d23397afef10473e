import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
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
