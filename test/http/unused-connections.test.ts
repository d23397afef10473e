import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { startApi } from './api.ts'

// Below the ten seconds after which a closing server hangs up on everybody.
it('a connection that brought no request does not hold up a server that stops', async () => {
  const api = await startApi()
  const sockets = [connect(Number(new URL(api.url).port), '127.0.0.1'), connect(api.socket)]
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  const answer = await fetch(`${api.url}/livez`)
  expect(answer.status).toBe(200)
  const closed = sockets.map((socket) => once(socket.resume(), 'close'))
  await api.dispose()
  await Promise.all(closed)
}, 9_000)
