import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../fixtures/servers/free-port.ts'
import { selfSigned } from '../intake/certificate.ts'

const DOVECOT = '/usr/sbin/dovecot'
/** Dovecot's mail processes refuse to run as root. */
const NOBODY = 65_534

/** A real IMAP server (Debian's dovecot-imapd) on loopback, with one mailbox. */
export interface ImapServer {
  /** TLS from the first byte. */
  readonly port: number
  /** STARTTLS is offered. */
  readonly plainPort: number
  readonly user: string
  readonly password: string
  readonly caFile: string
  /** Delivers as a mail server does. */
  deliver(name: string, raw: Uint8Array): Promise<void>
  /** Flags by the name of the mail, as the server has written them: `S` is read. */
  flags(): Promise<Readonly<Record<string, string>>>
  /** The mailbox as somebody puts it back from a backup: its UIDs begin anew. */
  rebuild(): Promise<void>
  close(): Promise<void>
}

/** Why there is none here; undefined where there is. */
export const noDovecot = existsSync(DOVECOT)
  ? undefined
  : 'needs Dovecot (apt-get install dovecot-imapd)'

export async function startImapServer(): Promise<ImapServer> {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-imap-'))
  const mail = join(directory, 'mail')
  const isRoot = process.getuid?.() === 0
  const { username } = userInfo()
  const [uid, gid] = isRoot ? [NOBODY, NOBODY] : [process.getuid?.() ?? 0, process.getgid?.() ?? 0]
  for (const folder of ['', 'cur', 'new', 'tmp']) mkdirSync(join(mail, folder), { recursive: true })
  for (const folder of ['', 'cur', 'new', 'tmp']) chownSync(join(mail, folder), uid, gid)
  if (isRoot) chownSync(directory, uid, gid)
  const [port, plainPort] = [await freePort(), await freePort()]
  const certificate = join(directory, 'certificate.pem')
  writeFileSync(certificate, selfSigned.cert)
  writeFileSync(join(directory, 'key.pem'), selfSigned.key, { mode: 0o600 })
  const password = 'a pass "word"'
  writeFileSync(
    join(directory, 'dovecot.conf'),
    `dovecot_config_version = ${versionOf()}
dovecot_storage_version = ${versionOf()}
base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = ${directory}/log
${isRoot ? '' : `default_internal_user = ${username}\ndefault_login_user = ${username}\n`}
first_valid_uid = 1
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_server_cert_file = ${certificate}
ssl_server_key_file = ${directory}/key.pem
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = ${mail}
passdb static {
  passdb_static_password = '${password}'
}
userdb static {
  fields {
    uid = ${uid}
    gid = ${gid}
    home = ${directory}
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${plainPort}
  }
  inet_listener imaps {
    port = ${port}
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`,
  )
  const child = spawn(DOVECOT, ['-F', '-c', join(directory, 'dovecot.conf')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await listening(child, port, join(directory, 'log'))

  return {
    port,
    plainPort,
    user: 'hotline',
    password,
    caFile: certificate,
    async deliver(name, raw) {
      const beside = join(mail, 'tmp', name)
      await writeFile(beside, raw)
      if (isRoot) chownSync(beside, uid, gid)
      await rename(beside, join(mail, 'new', name))
    },
    async flags() {
      const names = await readdir(join(mail, 'cur'))
      return Object.fromEntries(
        names.map((name) => [name.split(/[:,]/)[0] ?? '', name.split(':2,')[1] ?? '']),
      )
    },
    async rebuild() {
      for (const name of await readdir(mail)) {
        if (name.startsWith('dovecot')) await rm(join(mail, name))
      }
      // UIDVALIDITY is the time, in seconds.
      await sleep(1_100)
    },
    async close() {
      const ended = once(child, 'close')
      child.kill()
      await ended
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function versionOf(): string {
  const text = execFileSync(DOVECOT, ['--version'], { encoding: 'utf8' })
  return /^[\d.]+/.exec(text)?.[0] ?? ''
}

async function listening(child: ChildProcess, port: number, log: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) {
      throw new Error(`dovecot has ended: ${existsSync(log) ? readFileSync(log, 'utf8') : ''}`)
    }
    const socket = connect(port, '127.0.0.1')
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (open) return
    await sleep(50)
  }
}
