import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cable, canLayCables, NO_CABLES } from '../../../fixtures/servers/cable.ts'
import { endProcess } from '../../../fixtures/servers/end-process.ts'

if (!canLayCables) console.warn(NO_CABLES)

/** Sends the number of each tenth of a second, and ends where its connection does. */
const COUNTING = `
  const [, host, port] = process.argv
  let number = 0
  const socket = require('node:net').connect({ host, port: Number(port), noDelay: true })
  socket.on('connect', () => setInterval(() => socket.write(String(number++) + ' '), 100))
  socket.on('close', () => process.exit(1))`

describe.skipIf(!canLayCables)('a cable to another machine', () => {
  let cable: Cable
  beforeAll(async () => {
    cable = await Cable.lay()
  })
  afterAll(() => cable.end())

  it('brings nothing while it is pulled, tells nobody, and all of it once it is plugged in again', async () => {
    const server = createServer().listen(0, cable.near)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const [command = '', ...before] = cable.within
    const node = [process.execPath, '-e', COUNTING, cable.near, String(port)]
    const child = spawn(command, [...before, ...node], { stdio: 'inherit' })
    try {
      const [socket] = (await once(server, 'connection')) as [Socket]
      expect(socket.remoteAddress).toBe(cable.far)
      let said = ''
      socket.on('data', (bytes: Buffer) => (said += bytes.toString()))
      await expect.poll(() => said).toContain('3 ')
      cable.pull()
      await sleep(200)
      const before = said
      await sleep(1_000)
      expect(said).toBe(before)
      expect([child.exitCode, socket.closed]).toEqual([null, false])
      cable.plug()
      const all = Array.from({ length: 15 }, (_, number) => `${number} `).join('')
      await expect.poll(() => said).toContain(all)
    } finally {
      await endProcess(child, 'SIGKILL')
      server.close()
    }
  })

  it('leads to a machine on which nothing of this one listens', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const [command = '', ...before] = cable.within
    const node = [process.execPath, '-e', COUNTING, '127.0.0.1', String(port)]
    const child = spawn(command, [...before, ...node], { stdio: 'ignore' })
    const [code] = (await once(child, 'exit')) as [number | null]
    server.close()
    expect(code).not.toBe(null)
    expect(code).not.toBe(0)
  })
})
