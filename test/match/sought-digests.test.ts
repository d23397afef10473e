import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { type Api, startApi } from '../http/api.ts'

let api: Api
let media: Buffer
beforeAll(async () => {
  // Drawn before the server starts, which would refuse all for a second after what holds its process up.
  media = await sceneJpeg(51, { width: 1_600, height: 1_200 })
  api = await startApi({ 'features.store': false })
})
afterAll(() => api.dispose())

// A list of MD5 alone is what most hotlines get, and what a scan reads of a large JPEG is its blocks' means.
it('a large JPEG of which a list tells an MD5 and nothing else is found by it', async () => {
  const [proposer, verifier] = [await api.keyOf('analyst'), await api.keyOf('verifier')]
  const scan = async () => {
    const body = `${JSON.stringify({ url: 'https://file.invalid/', media: media.toString('base64') })}\n`
    const answer = await fetch(`${api.url}/v1/scans`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${proposer.key}`,
        'content-type': 'application/x-ndjson',
      },
      body,
    })
    return JSON.parse(await answer.text()) as object
  }
  expect(await scan()).toMatchObject({ verdict: 'none' })
  const value = createHash('md5').update(media).digest('hex')
  const { body } = await api.call('POST', '/v1/items', {
    key: proposer.key,
    body: { hashes: [{ type: 'md5', value }], classification: 'Baseline' },
  })
  const { id } = body as { id: string }
  await api.call('POST', `/v1/items/${id}/verify`, {
    key: verifier.key,
    body: { reason: 'seen', acknowledgeFindings: true },
  })
  expect(await scan()).toMatchObject({
    verdict: 'review',
    matches: [{ itemId: id, method: 'md5' }],
  })
})
