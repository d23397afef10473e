import { once } from 'node:events'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { Answers } from './answers.ts'

it('what one server answered is counted, and a fault of it told from what passes', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/cut') response.destroy()
    else response.writeHead(Number(request.url?.slice(1))).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const ask = (host: string, path: string) =>
    new Promise<void>((resolve) => {
      const asked = get({ host, port, path }, (response) => {
        response.resume().once('end', resolve)
      })
      asked.once('error', () => {
        resolve()
      })
    })
  const answers = new Answers(`http://127.0.0.1:${port}`)
  try {
    for (const path of ['/200', '/200', '/503', '/cut']) await ask('127.0.0.1', path)
    // Another one, by its name.
    await ask('localhost', '/500')
    expect(Object.fromEntries(answers.counts)).toEqual({ 200: 2, 503: 1, ECONNRESET: 1 })
    expect(answers.faults).toEqual([])
    await ask('127.0.0.1', '/500')
    expect(answers.faults).toEqual(['1 requests were answered 500'])
  } finally {
    answers.end()
    server.close()
  }
})
