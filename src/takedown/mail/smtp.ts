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

/** Letters of one round go together, and where none follows a relay is let go: it may have few sessions to give. */
const IDLE_MS = 10 * SECOND_MS
/** Many relays count what they take in one session. */
const LETTERS_A_SESSION = 50
const MESSAGE_TOO_LARGE = 552

interface Session {
  readonly connection: SMTPConnection
  letters: number
  /** Hears where it breaks while something is under way in it. */
  broken: (error: SmtpFailure) => void
}

/**
 * SMTP sessions (RFC 5321) with the relay of the settings: TLS and signing in take far longer than a letter, so that one
 * session carries those that follow each other. STARTTLS is used wherever it
 * is offered; the certificate is checked only where TLS is demanded (`secure`, `requireTls`), as
 * unchecked TLS is still better than none (RFC 7435). A session is spoken by hand rather than by a
 * nodemailer transport, because only so is it known whether the message had left when the line
 * broke.
 */
export function createSmtpTransport(settings: Config['mail']): MailTransport {
  const open = new Set<SMTPConnection>()
  const timeoutMs = settings.timeoutSeconds * SECOND_MS
  let free: { readonly session: Session; readonly timer: NodeJS.Timeout } | undefined

  return {
    async send(mail, sure = () => Promise.resolve()) {
      const kept = takeFree()
      if (kept !== undefined) {
        try {
          return await handOver(kept, mail)
        } catch (error) {
          // The relay may have let it go, or have taken enough in it: of this letter it has seen nothing.
          if (!(error instanceof DeliveryError) || error.fault !== 'unavailable') throw error
        }
      }
      const begun = await begin()
      // That may have taken half a minute.
      await within(begun, { handedOver: false }, sure)
      return handOver(begun, mail)
    },
    async verify() {
      const { connection } = await begin()
      connection.quit()
    },
    close() {
      takeFree()
      for (const connection of open) connection.close()
    },
  }

  /** The session that waits for a letter, unless it has ended meanwhile. */
  function takeFree(): Session | undefined {
    clearTimeout(free?.timer)
    const session = free?.session
    free = undefined
    return session !== undefined && open.has(session.connection) ? session : undefined
  }

  function keep(session: Session): void {
    const { connection } = session
    if (free !== undefined || session.letters >= LETTERS_A_SESSION) {
      connection.quit()
      return
    }
    const timer = setTimeout(() => {
      free = undefined
      connection.quit()
    }, IDLE_MS)
    free = { session, timer: timer.unref() }
  }

  async function begin(): Promise<Session> {
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
    const session: Session = { connection, letters: 0, broken: () => undefined }
    open.add(connection)
    connection.on('error', (error: SmtpFailure) => {
      session.broken(error)
    })
    // Each ends by this, for one that breaks closes itself.
    connection.on('end', () => open.delete(connection))
    await within(session, { handedOver: false }, () => signIn(connection))
    return session
  }

  async function handOver(
    session: Session,
    { from, to, raw }: Parameters<MailTransport['send']>[0],
  ): Promise<{ readonly response: string }> {
    const message = Buffer.from(raw)
    const progress = { handedOver: false }
    const send = () =>
      new Promise<string>((resolve, reject) => {
        const envelope = { from, to: [to], size: message.length }
        session.connection.send(envelope, once(message, progress), (error, info) => {
          if (error) reject(error)
          else resolve(info.response)
        })
      })
    const response = await within(session, progress, send)
    session.letters += 1
    keep(session)
    return { response }
  }

  /** Does a piece of work in a session, and ends the session where the work fails. Throws DeliveryError. */
  async function within<T>(
    session: Session,
    progress: Progress,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await new Promise<T>((resolve, reject) => {
        session.broken = reject
        work().then(resolve, reject)
      })
    } catch (error) {
      session.connection.close()
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
