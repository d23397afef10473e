import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alteredFilm, filmMp4, sceneJpeg } from '../../fixtures/index.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { blocksOf, manuals, ROOT, textOf } from './page.ts'
import { holds, isBare, printedBy, scriptOf } from './page-script.ts'

/** Blocks in another fence, by how they begin, and why no test can run them. */
const NOT_RUN: readonly (readonly [begins: RegExp, why: string])[] = [
  [/^apt-get install/, 'installs packages, as root; the package, which test/packed does'],
  [/^install -d /, 'sets up a machine, as root; test/deploy tries what it installs'],
  [/^systemd-run /, 'needs systemd as the first process'],
  [/^podman build/, 'builds an image of others that a registry has'],
  [/^createuser/, 'makes a user of PostgreSQL, as its operator; test/cli/postgres has one'],
  [/^hindra migrate-store/, 'needs PostgreSQL; test/cli/postgres moves there and back'],
  [/^hindra serve/, 'ends by a signal; every other page talks to one, test/cli/network to these'],
  [
    /^hindra feed \/var\/spool/,
    'follows a directory of the machine until a signal; test/cli/feed does',
  ],
  [/^hindra feed tls:|^HINDRA_KEY_FILE=\S+ NATS_USER/, 'needs NATS; test/cli/nats has one'],
  [/^wget --recursive/, 'crawls the network; test/cli/crawl has wget crawl a site of its own'],
  [/^hindra alerts --follow/, 'follows until a signal; test/cli/alerts and test/http/alerts do'],
  [/^hindra people link/, 'takes a provider; test/sessions/openid has a real one'],
  [/^hindra webhooks add/, 'needs an endpoint on the network; test/cli/alerts has one on loopback'],
  [/^hindra lists create ncmec/, 'asks NCMEC; test/exchange/sources asks a server of its own'],
  [/^hindra objections add --notice/, 'needs a reply of a host; test/assessing/objections has one'],
  [
    /^hindra cases dossier CASE_ID --to/,
    'needs police with a key; test/cli/dossiers makes one, and opens what comes',
  ],
  [/^gpg --decrypt dossier/, 'needs the key of the police; test/dossiers has it'],
  [/^hindra model check/, 'takes a model, which nobody ships; test/cli/model makes one'],
]

const PAGES = manuals().filter((page) => page !== 'README.md')
const SIZE = { width: 320, height: 240 }

const HERE = import.meta.dirname
/** How many pages are tried at once, each lane one after the other: the cores of a small machine. */
const LANES = 2

let pictures: string
let sockets: string
let mail: MailServer
/** Shows one picture, whatever is asked for but one page. */
let media: Host
/** At `/board`. */
const BOARD =
  '<!doctype html><title>The board</title><p>New series each week.<p><a href="https://chat.example/join">Swap with us</a>'

interface Resident {
  readonly child: ChildProcess
  readonly socket: string
  /** The end of what it wrote to its own standard error, and how it ended if it did. */
  said: string
}
const residents: Resident[] = []
const idle: Resident[] = []
const waiting: (() => void)[] = []

/** A resident command that no other page has; `idle` has it again afterwards. */
async function lane(): Promise<Resident> {
  for (;;) {
    const free = idle.pop()
    if (free !== undefined) return free
    await new Promise<void>((resolve) => waiting.push(resolve))
  }
}

async function startResident(socket: string): Promise<void> {
  const child = spawn(process.execPath, [join(HERE, 'resident.js'), socket], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const resident: Resident = { child, socket, said: '' }
  const says = (words: string) => {
    resident.said = `${resident.said}${words}`.slice(-4000)
  }
  child.stderr.setEncoding('utf8').on('data', says)
  child.once('exit', (code, signal) => {
    says(`\nthe resident ended with ${String(code ?? signal)}`)
  })
  residents.push(resident)
  await once(child.stdout, 'data')
}

beforeAll(async () => {
  mail = await openMailServer()
  const shown = await sceneJpeg(99, SIZE)
  media = await httpHost(({ url }, response) => response.end(url === '/board' ? BOARD : shown))
  pictures = mkdtempSync(join(tmpdir(), 'hindra-docs-'))
  const folders = ['pictures', 'logos', 'holiday-pictures', 'suspicious', '.']
  for (const [seed, folder] of folders.entries()) {
    mkdirSync(join(pictures, folder), { recursive: true })
    writeFileSync(join(pictures, folder, 'a.jpg'), await sceneJpeg(seed + 1, SIZE))
  }
  mkdirSync(join(pictures, 'films'))
  const film = await filmMp4(7, SIZE)
  writeFileSync(join(pictures, 'films', 'known.mp4'), film)
  writeFileSync(join(pictures, 'films', 'seen.mp4'), await alteredFilm(film, ['-vf', 'hflip']))
  sockets = mkdtempSync(join(tmpdir(), 'hindra-lanes-'))
  const lanes = Array.from({ length: LANES }, (_, at) => join(sockets, String(at)))
  await Promise.all(lanes.map(startResident))
  idle.push(...residents)
})
afterAll(async () => {
  for (const { child } of residents) child.kill('SIGKILL')
  rmSync(sockets, { recursive: true, force: true })
  await mail.close()
  await media.close()
  rmSync(pictures, { recursive: true, force: true })
})

const SETTINGS = (directory: string) =>
  [
    'features: { store: false }',
    'server: { tickSeconds: 3600 }',
    `fetch: { allowNetworks: [127.0.0.0/8], allowPorts: [80, 443, ${media.port}] }`,
    `mail: { host: 127.0.0.1, port: ${mail.port}, from: hotline@example.org }`,
    `sisters: { maildir: ${join(directory, 'sister-mails')} }`,
    'trace:',
    '  registries: false',
    '  providers:',
    '    - { name: Example, domains: [host.example], abuseContact: abuse@example.org, country: NL }',
  ].join('\n')

/** A directory with pictures, with `hindra` on its path and the package where npm would have put it. */
function prepare(directory: string, command: readonly string[]): void {
  cpSync(pictures, directory, { recursive: true })
  for (const folder of ['new', 'cur', 'tmp']) {
    mkdirSync(join(directory, 'sister-mails', folder), { recursive: true })
  }
  mkdirSync(join(directory, 'bin'))
  const script = `#!/bin/sh\nexec ${command.join(' ')} "$@"\n`
  writeFileSync(join(directory, 'bin/hindra'), script, { mode: 0o755 })
  mkdirSync(join(directory, 'node_modules'))
  symlinkSync(ROOT, join(directory, 'node_modules', 'hindra'))
}

/** What is wrong with a page; empty where it does what it says. */
async function runPage(page: string): Promise<string> {
  const blocks = blocksOf(textOf(page))
  const directory = mkdtempSync(join(tmpdir(), 'hindra-page-'))
  const command = isBare(blocks) ? join(ROOT, 'bin/hindra.js') : join(HERE, 'call.js')
  prepare(directory, [process.execPath, command])
  const resident = isBare(blocks) ? undefined : await lane()
  const socket = resident?.socket ?? ''
  const tell = (...words: readonly string[]) =>
    promisify(execFile)(process.execPath, [command, ...words], { env: { HINDRA_RESIDENT: socket } })
  try {
    if (resident !== undefined) await tell('@begin', directory)
    const run = promisify(execFile)('bash', ['-c', scriptOf(blocks)], {
      cwd: directory,
      env: {
        PATH: `${join(directory, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
        HOME: directory,
        HINDRA_DATA: join(directory, 'data'),
        HINDRA_POOL_THREADS: '1',
        HINDRA_RESIDENT: socket,
        SETTINGS: SETTINGS(directory),
        MEDIA_HOST: media.origin,
      },
      maxBuffer: 64 * 1024 * 1024,
    })
    const { stdout, stderr, failed } = await run.then(
      (done) => ({ ...done, failed: false }),
      (error: unknown) => ({ ...(error as { stdout: string; stderr: string }), failed: true }),
    )
    const printed = printedBy(stdout)
    const last = [...printed.keys()].at(-1)
    if (failed) {
      const said = printed.get(last ?? 0)?.slice(-600) ?? ''
      return `${page}:${String(last)} failed:\n${said}\n${stderr.slice(-1500)}\n${resident?.said ?? ''}`
    }
    return blocks
      .flatMap(({ kind, text, line }, at) => {
        const before = blocks[at - 1]
        if ((kind !== 'text' && kind !== 'json') || before?.kind !== 'sh') return []
        const said = printed.get(before.line) ?? ''
        return holds(said, text, kind)
          ? []
          : [`${page}:${String(line)} was not printed; it was:\n${said}`]
      })
      .join('\n')
  } finally {
    if (resident !== undefined) {
      await tell('@end')
        .catch(() => {
          // Whatever else is wrong with the page, this is why.
          throw new Error(`${page}: ${resident.said}`)
        })
        .finally(() => {
          idle.push(resident)
          waiting.shift()?.()
        })
    }
    rmSync(directory, { recursive: true, force: true })
  }
}

describe('every command that the manuals show', () => {
  const shown = PAGES.flatMap((page) => blocksOf(textOf(page)))

  it('is run, but for those that a list here gives a reason for', () => {
    const left = shown.filter(({ kind }) => kind === 'console')
    const unexplained = left.filter(({ text }) => !NOT_RUN.some(([begins]) => begins.test(text)))
    expect(unexplained.map(({ text }) => text)).toEqual([])
    const idle = NOT_RUN.filter(([begins]) => !left.some(({ text }) => begins.test(text)))
    expect(idle.map(([begins]) => begins.source)).toEqual([])
    const printed = shown.filter(
      ({ kind }, at) => /^(text|json)$/.test(kind) && shown[at - 1]?.kind !== 'sh',
    )
    expect(printed.map(({ text }) => text)).toEqual([])
    const run = shown.filter(({ kind }) => kind === 'sh')
    console.info(`${run.length} blocks are run, ${left.length} are not`)
    expect(run.length).toBeGreaterThan(4 * left.length)
  })

  it.concurrent.each(
    PAGES.filter((page) => blocksOf(textOf(page)).some(({ kind }) => kind === 'sh')),
  )(
    'of %s does what the page says',
    async (page) => {
      expect(await runPage(page)).toBe('')
    },
    300_000,
  )
})
