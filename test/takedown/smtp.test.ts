import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { createSmtpTransport, type Letter } from '../../src/takedown/index.ts'
import { mailTransportContract } from '../contract/mail-transport.ts'
import { type MailServer, openMailServer } from './mail-server.ts'

const MAIL: Letter = {
  channel: 'mail',
  envelopeId: 'one',
  messageId: '<one@hotline.invalid>',
  from: 'notices@hotline.invalid',
  to: 'abuse@provider.example',
  raw: Buffer.from('Subject: test\r\n\r\ntext\r\n'),
}

function transportTo(port: number, mail: Record<string, unknown> = {}) {
  const flags = Object.entries(mail).map(([name, value]) => [`mail.${name}`, value] as const)
  const config = configWith({
    'mail.port': port,
    'mail.timeoutSeconds': 5,
    ...Object.fromEntries(flags),
  })
  return createSmtpTransport(config.mail)
}

mailTransportContract('SMTP', async () => {
  const server = await openMailServer()
  let listening = true
  const stop = async () => {
    if (listening) await server.close()
    listening = false
  }
  return {
    transport: transportTo(server.port),
    taken: () => server.received,
    behave: (behaviour) => {
      server.behave(behaviour)
    },
    vanish: stop,
    close: stop,
  }
})

describe('createSmtpTransport', () => {
  const servers: MailServer[] = []
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close()
  })
  async function serve(options: Parameters<typeof openMailServer>[0]) {
    const server = await openMailServer(options)
    servers.push(server)
    return server
  }

  it('uses STARTTLS where it is offered, without checking the certificate', async () => {
    let secure = false
    const { port } = await serve({
      disabledCommands: [],
      onSecure(_socket, _session, callback) {
        secure = true
        callback()
      },
    })
    await transportTo(port).send(MAIL)
    expect(secure).toBe(true)
  })

  it('refuses a certificate that it cannot check where TLS is demanded', async () => {
    const { port, received } = await serve({ disabledCommands: [] })
    const transport = transportTo(port, { requireTls: true })
    await expect(transport.send(MAIL)).rejects.toMatchObject({ fault: 'unavailable' })
    expect(received).toEqual([])
  })

  it('refuses to send in the clear where TLS is demanded', async () => {
    const { port, received } = await serve({})
    const transport = transportTo(port, { requireTls: true })
    await expect(transport.send(MAIL)).rejects.toMatchObject({ fault: 'unavailable' })
    expect(received).toEqual([])
  })

  it('signs in, and says so when the login is wrong or not offered', async () => {
    const { port, received } = await serve({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth(auth, _session, callback) {
        if (auth.username === 'hindra' && auth.password === 'right') callback(null, { user: 1 })
        else callback(new Error('wrong'))
      },
    })
    await transportTo(port, { user: 'hindra', password: 'right' }).send(MAIL)
    expect(received).toHaveLength(1)
    const wrong = transportTo(port, { user: 'hindra', password: 'wrong' })
    await expect(wrong.verify()).rejects.toMatchObject({ fault: 'unavailable' })
    const open = await serve({ disabledCommands: ['AUTH', 'STARTTLS'] })
    const unoffered = transportTo(open.port, { user: 'hindra', password: 'right' })
    await expect(unoffered.send(MAIL)).rejects.toMatchObject({ fault: 'unavailable' })
  })

  it('carries letters that follow each other in one session, so many, and lets an idle one go', async () => {
    let sessions = 0
    const { port, received } = await serve({
      onConnect(_session, callback) {
        sessions += 1
        callback()
      },
    })
    const transport = transportTo(port)
    for (let n = 0; n < 50; n += 1) await transport.send(MAIL)
    expect(sessions).toBe(1)
    await transport.send(MAIL)
    expect([sessions, received.length]).toEqual([2, 51])
    // Two at once need two, of which one is kept.
    await Promise.all([transport.send(MAIL), transport.send(MAIL)])
    await transport.send(MAIL)
    expect([sessions, received.length]).toEqual([3, 54])
    transport.close()
    await transport.send(MAIL)
    expect(sessions).toBe(4)
  })

  it('begins another where the relay has ended the one before, and asks whether it still may', async () => {
    let asked = 0
    const sure = () => {
      asked += 1
      return Promise.resolve()
    }
    const first = await serve({})
    const { port } = first
    const transport = transportTo(port)
    await transport.send(MAIL, sure)
    await transport.send(MAIL, sure)
    expect(asked).toBe(1)
    await first.close()
    servers.length = 0
    const second = await openMailServer({ port })
    servers.push(second)
    await transport.send(MAIL, sure)
    expect([asked, second.received.length]).toEqual([2, 1])
    // Whoever lost its lease meanwhile hands over nothing.
    transport.close()
    const late = transport.send(MAIL, () => Promise.reject(new Error('another has it')))
    await expect(late).rejects.toMatchObject({ fault: 'unavailable' })
    expect(second.received).toHaveLength(1)
  })

  it('sends again in a new session what a relay refuses to take in the old one', async () => {
    let taken = 0
    const { port, received } = await serve({
      onMailFrom(_address, session, callback) {
        taken += 1
        const isLater = taken > 1 && session.id === first
        first ??= session.id
        callback(isLater ? Object.assign(new Error('too many'), { responseCode: 451 }) : null)
      },
    })
    let first: string | undefined
    const transport = transportTo(port)
    await transport.send(MAIL)
    await transport.send(MAIL)
    expect([taken, received.length]).toEqual([3, 2])
    transport.close()
  })

  it('gives up on a relay that never says a word', async () => {
    const sockets = new Set<Socket>()
    const silent = createServer((socket) => sockets.add(socket))
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve)
    })
    const { port } = silent.address() as AddressInfo
    const transport = transportTo(port, { timeoutSeconds: 0.2 })
    await expect(transport.send(MAIL)).rejects.toMatchObject({ fault: 'unavailable' })
    for (const socket of sockets) socket.destroy()
    silent.close()
  })

  it('gives a mail up that is larger than the relay takes', async () => {
    const { port } = await serve({ size: 10 })
    await expect(transportTo(port).send(MAIL)).rejects.toMatchObject({ fault: 'refused' })
  })
})
