import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterAll, expect, it } from 'vitest'
import { createHome } from './hindra.ts'

const home = createHome()
afterAll(() => home.dispose())

it.runIf(process.platform === 'linux').each([
  ['hindra submit', ['submit', import.meta.filename, 'https://secret.example/a.jpg']],
  ['hindra find', ['find', `sha256:${'ab'.repeat(32)}`]],
  ['hindra', ['--json', 'scan', 'https://secret.example/a.jpg']],
])('shows in the list of processes no more than %s', async (title, args) => {
  const waiting = new Set<Socket>()
  // Takes what it is asked, and never answers.
  const server = createServer((socket) => waiting.add(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const child = home.start(args, { key: 'hk_x', env: { HINDRA_URL: `http://127.0.0.1:${port}` } })
  try {
    await once(server, 'connection')
    const line = readFileSync(`/proc/${child.pid ?? 0}/cmdline`, 'latin1')
    expect(line.replaceAll('\0', ' ').trim()).toBe(title)
  } finally {
    child.kill('SIGKILL')
    for (const socket of waiting) socket.destroy()
    server.close()
  }
})

it('takes no password of a database as an argument', async () => {
  for (const url of [
    'postgres://house:secret@db.example/house',
    'postgres://house@db.example/house?password=secret',
  ]) {
    const { code, stderr } = await home.run(['migrate-store', url])
    expect([code, stderr]).toEqual([2, expect.stringContaining('takes no password') as string])
    expect(stderr).not.toContain('secret')
  }
})
