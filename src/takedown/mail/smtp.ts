import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Config } from '../../config.ts'
import { SECOND_MS } from '../../core/index.ts'
import { DeliveryError, type DeliveryFault } from '../delivery-error.ts'
import type { MailTransport } from '../notice.ts'

/** How far a session came: it decides what a broken line means. */
interface Progress {
  handedOver: boolean
}

/** What nodemailer adds to its errors. */
interface SmtpFailure extends Error {
  readonly code?: string
  readonly command?: string
  readonly response?: string
  readonly responseCode?: number
}

const MESSAGE_TOO_LARGE = 552

/**
 * One SMTP session (RFC 5321) a mail, to the relay of the settings. STARTTLS is used wherever it
 * is offered; the certificate is checked only where TLS is demanded (`secure`, `requireTls`), as
 * unchecked TLS is still better than none (RFC 7435). A session is spoken by hand rather than by a
 * nodemailer transport, because only so is it known whether the message had left when the line
 * broke.
 */
export function createSmtpTransport(settings: Config['mail']): MailTransport {
  const open = new Set<SMTPConnection>()
  const timeoutMs = settings.timeoutSeconds * SECOND_MS

  return {
    async send(mail) {
      const message = Buffer.from(mail.raw)
      return session(async (connection, progress) => {
        await signIn(connection)
        const response = await new Promise<string>((resolve, reject) => {
          const envelope = { from: mail.from, to: [mail.to], size: message.length }
          connection.send(envelope, once(message, progress), (error, info) => {
            if (error) reject(error)
            else resolve(info.response)
          })
        })
        return { response }
      })
    },
    async verify() {
      await session(signIn)
    },
    close() {
      for (const connection of open) connection.close()
    },
  }

  async function session<T>(
    work: (connection: SMTPConnection, progress: Progress) => Promise<T>,
  ): Promise<T> {
    const connection = new SMTPConnection({
      host: settings.host,
      port: settings.port,
      secure: settings.secure,
      requireTLS: settings.requireTls,
      tls: { rejectUnauthorized: settings.secure || settings.requireTls },
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
    })
    const progress = { handedOver: false }
    open.add(connection)
    connection.on('end', () => open.delete(connection))
    try {
      const result = await new Promise<T>((resolve, reject) => {
        connection.on('error', reject)
        work(connection, progress).then(resolve, reject)
      })
      connection.quit()
      return result
    } catch (error) {
      connection.close()
      open.delete(connection)
      throw failure(error as SmtpFailure, progress)
    }
  }

  async function signIn(connection: SMTPConnection): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => {
        if (error) reject(error)
        else resolve()
      })
    })
    if (settings.user === undefined) return
    if (!connection.allowsAuth) throw new DeliveryError('unavailable', 'the relay offers no login')
    const credentials = { user: settings.user, pass: settings.password ?? '' }
    await new Promise<void>((resolve, reject) => {
      connection.login({ credentials }, (error) => {
        if (error) reject(error)
        else resolve()
      })
    })
  }
}

/** The message as a stream that notes when it is asked for: after that, silence proves nothing. */
function once(message: Uint8Array, progress: Progress): Readable {
  return new Readable({
    read() {
      progress.handedOver = true
      this.push(message)
      this.push(null)
    },
  })
}

function failure(error: SmtpFailure, progress: Progress): DeliveryError {
  if (error instanceof DeliveryError) return error
  const fault = faultOf(error, progress)
  const answer = error.responseCode ?? error.code ?? 'no answer'
  const message = `${WORDS[fault]} (${answer}${error.command ? ` to ${error.command}` : ''})`
  return new DeliveryError(fault, message, {
    response: error.response ?? error.message,
    cause: error,
  })
}

const WORDS: Readonly<Record<DeliveryFault, string>> = {
  unavailable: 'the mail relay cannot be used now',
  deferred: 'the mail relay asks to try again later',
  refused: 'the mail relay refuses this mail',
  unanswered: 'the mail relay did not say whether it took the mail',
}

function faultOf(error: SmtpFailure, progress: Progress): DeliveryFault {
  const { code, command, responseCode } = error
  if (responseCode === undefined) {
    // Envelope or size found wrong on our side: it will not get better, and bars nobody else.
    if (code === 'EENVELOPE' || code === 'EMESSAGE') return 'refused'
    return progress.handedOver ? 'unanswered' : 'unavailable'
  }
  if (responseCode === MESSAGE_TOO_LARGE) return 'refused'
  const aboutMail = command === 'RCPT TO' || command === 'DATA' || progress.handedOver
  if (!aboutMail) return 'unavailable'
  return responseCode >= 500 ? 'refused' : 'deferred'
}
