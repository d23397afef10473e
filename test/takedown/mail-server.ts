import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { LOOPBACK } from '../../fixtures/servers/place.ts'
import type { RelayBehaviour } from './relay-behaviour.ts'

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: Buffer
  readonly parsed: ParsedMail
}

export interface MailServer {
  readonly port: number
  /** The mails in order of arrival; one that was taken without an answer is among them. */
  readonly received: readonly ReceivedMail[]
  behave(behaviour: RelayBehaviour): void
  close(): Promise<void>
}

/** A real SMTP server, on loopback unless told otherwise, that keeps what it takes and misbehaves when told to. */
export async function openMailServer(
  options: SMTPServerOptions & {
    host?: string
    port?: number
    onTaken?: (mail: ReceivedMail) => void
  } = {},
): Promise<MailServer> {
  const { host = LOOPBACK, port = 0, onTaken, ...serverOptions } = options
  const received: ReceivedMail[] = []
  let behaviour: RelayBehaviour = 'accept'
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onMailFrom(_address, _session, callback) {
      callback(behaviour === 'refuse-sender' ? reply(550, 'sender not allowed') : null)
    },
    onRcptTo(_address, _session, callback) {
      if (behaviour === 'drop-before-message') dropAll()
      else if (behaviour === 'defer-recipient') callback(reply(451, 'greylisted'))
      else if (behaviour === 'refuse-recipient') {
        callback(reply(550, 'no such user, see https://help.example/550'))
      } else callback()
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => {
        if (behaviour === 'drop-in-message') dropAll()
        chunks.push(chunk)
      })
      stream.on('end', () => {
        if (behaviour === 'defer-message') callback(reply(452, 'mailbox full'))
        else if (behaviour === 'refuse-message') callback(reply(554, 'rejected as spam'))
        else void take(Buffer.concat(chunks), session.envelope, callback)
      })
    },
    ...serverOptions,
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => {
    server.listen(port, host, resolve)
  })

  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    behave(next) {
      behaviour = next
    },
    async close() {
      await new Promise<void>((resolve) => {
        server.close(resolve)
      })
    },
  }

  async function take(
    raw: Buffer,
    envelope: { mailFrom: false | { address: string }; rcptTo: { address: string }[] },
    callback: (error: null, message: string) => void,
  ): Promise<void> {
    const parsed = await simpleParser(raw)
    const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
    const mail = { from, to: envelope.rcptTo.map(({ address }) => address), raw, parsed }
    received.push(mail)
    onTaken?.(mail)
    if (behaviour === 'take-and-drop') dropAll()
    else callback(null, 'queued')
  }

  function dropAll(): void {
    for (const connection of server.connections as Set<{ _socket: { destroy(): void } }>) {
      connection._socket.destroy()
    }
  }
}

function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}
