import { type ChildProcess, spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Notice } from '../../src/takedown/index.ts'
import { AWS_KEY, type AwsServer, startAws } from './aws-server.ts'
import type { CrashPlan } from './crash-child.ts'
import { type MailServer, openMailServer } from './mail-server.ts'
import { HOTLINE_FIRST } from './policy.ts'
import { type Receiver, startReceiver } from './receiver.ts'
import { ALPHA, BETA, partOf, WITHOUT_MAIL } from './world.ts'
import { usually } from '../long.ts'

const CHILD = fileURLToPath(new URL('crash-child.ts', import.meta.url))
const URLS = ['http://alpha.example/1', 'http://alpha.example/2', 'http://beta.example/3']
const START_MS = Date.UTC(2026, 10, 2, 8)

let directory: string
let server: MailServer
/** Told of each mail that the server has taken, before it answers. */
let onTaken: () => void
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hindra-crash-'))
  onTaken = () => undefined
  server = await openMailServer({
    onTaken: () => {
      onTaken()
    },
  })
})
afterEach(async () => {
  await server.close()
  await rm(directory, { recursive: true, force: true })
})

function start(change: Partial<CrashPlan>): ChildProcess {
  const plan: CrashPlan = {
    directory,
    port: server.port,
    startMs: START_MS,
    urls: [],
    providers: [ALPHA, BETA],
    ...change,
  }
  return spawn(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** Resolves to the first line that the process writes, or to nothing when it ends before. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
    })
    child.once('close', () => {
      resolve(text)
    })
  })
}

function gone(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => {
      resolve()
    })
  })
}

async function crash(plan: Partial<CrashPlan>, expected: string): Promise<void> {
  const child = start(plan)
  const ended = gone(child)
  expect(await firstLine(child)).toBe(expected)
  child.kill('SIGKILL')
  await ended
}

/** The last run, which nothing disturbs; resolves to all notices. */
async function recover(plan: Partial<CrashPlan> = {}): Promise<Notice[]> {
  const child = start({ startMs: START_MS + 3_600_000, ...plan })
  const ended = gone(child)
  const notices = JSON.parse(await firstLine(child)) as Notice[]
  await ended
  return notices
}

/** Each notice arrived; whatever arrived twice did so as the same mail, and says that it may have. */
function checkArrivals(notices: readonly Notice[], doubled: readonly string[]): void {
  const urlOf = new Map<string, string>()
  for (const mail of server.received) {
    for (const { noticeId, url } of partOf(mail).notices) urlOf.set(noticeId, url)
  }
  expect(notices.map(({ id }) => urlOf.get(id))).toEqual(URLS)
  expect(notices.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent'])
  const marked = notices.filter(({ possiblyDoubled }) => possiblyDoubled)
  expect(marked.map(({ id }) => urlOf.get(id))).toEqual(doubled)
  const bytes = new Map<string | undefined, Buffer>()
  for (const { parsed, raw } of server.received) {
    const earlier = bytes.get(parsed.messageId)
    if (earlier !== undefined) expect(raw.equals(earlier)).toBe(true)
    bytes.set(parsed.messageId, raw)
  }
  expect(bytes.size).toBe(2)
}

describe('a process that is killed', () => {
  it('between composing and handing over: the mail goes out, marked though sent once', async () => {
    await crash({ urls: URLS, hang: { at: 1, when: 'composed' } }, 'composed')
    expect(server.received).toHaveLength(0)
    checkArrivals(await recover(), URLS.slice(0, 2))
    expect(server.received).toHaveLength(2)
  })

  it('between the answer of the relay and its note: the same mail goes again, marked', async () => {
    await crash({ urls: URLS, hang: { at: 2, when: 'accepted' } }, 'accepted')
    expect(server.received).toHaveLength(2)
    checkArrivals(await recover(), URLS.slice(2))
    expect(server.received).toHaveLength(3)
  })

  it('while the relay has the mail and has not answered yet', async () => {
    const child = start({ urls: URLS })
    const ended = gone(child)
    onTaken = () => child.kill('SIGKILL')
    await ended
    expect(server.received).toHaveLength(1)
    onTaken = () => undefined
    checkArrivals(await recover(), URLS.slice(0, 2))
    expect(server.received).toHaveLength(3)
  })

  it('twice in a row at the same mail', async () => {
    await crash({ urls: URLS, hang: { at: 1, when: 'accepted' } }, 'accepted')
    await crash({ startMs: START_MS + 60_000, hang: { at: 1, when: 'accepted' } }, 'accepted')
    const notices = await recover()
    checkArrivals(notices, URLS.slice(0, 2))
    expect(notices[0]?.attempts).toBe(3)
    expect(server.received).toHaveLength(4)
  })
})

describe('a process that is killed, where a provider is told by webhook', () => {
  let receiver: Receiver
  let plan: Partial<CrashPlan>
  beforeEach(async () => {
    receiver = await startReceiver()
    const webhook = `${receiver.url}/abuse`
    plan = {
      providers: [{ ...WITHOUT_MAIL, webhook }, BETA],
      flags: {
        'takedown.webhookSecrets': { [webhook]: `whsec_${Buffer.alloc(32, 9).toString('base64')}` },
        'webhooks.allowHttpLoopback': true,
      },
    }
  })
  afterEach(() => receiver.close())

  /** The same bytes under the same id, however often; and each notice said whether it may be twice. */
  function checkPosts(notices: readonly Notice[], count: number): void {
    expect(notices.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent'])
    const doubled = notices.map(({ possiblyDoubled }) => possiblyDoubled)
    expect(doubled).toEqual([true, true, false])
    const bodies = receiver.received.map(({ headers, body }) => [headers['webhook-id'], body])
    expect(bodies).toHaveLength(count)
    expect(new Set(bodies.map(String)).size).toBe(1)
    expect(server.received).toHaveLength(1)
  }

  it('between composing and the POST', async () => {
    await crash({ ...plan, urls: URLS, hang: { at: 1, when: 'composed' } }, 'composed')
    checkPosts(await recover(plan), 1)
  })

  it('while the endpoint has it and has not answered yet', async () => {
    const child = start({ ...plan, urls: URLS })
    const ended = gone(child)
    receiver.onTaken = () => child.kill('SIGKILL')
    await ended
    receiver.onTaken = () => undefined
    checkPosts(await recover(plan), 2)
  })

  it('between the answer of the endpoint and its note', async () => {
    await crash({ ...plan, urls: URLS, hang: { at: 1, when: 'accepted' } }, 'accepted')
    checkPosts(await recover(plan), 2)
  })
})

describe('a process that is killed, where AWS is told by its API', () => {
  let aws: AwsServer
  let plan: Partial<CrashPlan>
  beforeEach(async () => {
    aws = await startAws()
    plan = {
      providers: [{ ...WITHOUT_MAIL, api: 'aws-abuse-signal' }],
      flags: {
        'trace.apis': ['aws-abuse-signal'],
        'aws.region': 'eu-west-2',
        'aws.accessKeyId': AWS_KEY.id,
        'aws.secretAccessKey': AWS_KEY.secret,
        'aws.endpoint': aws.url,
        'webhooks.allowHttpLoopback': true,
      },
    }
  })
  afterEach(() => aws.close())

  it('between their answer and its note: they have one report of it', async () => {
    const [url = ''] = URLS
    await crash({ ...plan, urls: [url], hang: { at: 1, when: 'accepted' } }, 'accepted')
    expect(aws.reports).toHaveLength(1)
    const [notice] = await recover(plan)
    expect(aws.calls).toEqual(['POST /v1/abuse', 'POST /v1/abuse'])
    expect(aws.reports.map(({ body }) => body.clientToken)).toEqual([notice?.id])
    expect(notice).toMatchObject({ state: 'sent', possiblyDoubled: true })
  })
})

describe('a process that is killed while it writes files for hotlines', () => {
  const DAY_MS = 24 * 3_600_000
  const KILLS = usually(2, 6)
  const DAYS = 40

  it('leaves no half file, loses none and tells nothing twice', async () => {
    const files = join(directory, 'files')
    await mkdir(files)
    const abroad = {
      directory: join(directory, 'store'),
      rules: HOTLINE_FIRST,
      flags: { 'hotlineExports.directory': files },
    }
    for (let life = 0; life < KILLS; life += 1) {
      const child = start({ ...abroad, startMs: START_MS + life * DAYS * DAY_MS, days: DAYS })
      const ended = gone(child)
      let written = 0
      // Some are killed as a file begins, others a little later: as it is synced, renamed, noted.
      const watching = watch(files, (_event, name) => {
        written += Number(name?.endsWith('.part'))
        if (written > 2 * life) setTimeout(() => child.kill('SIGKILL'), life)
      })
      await ended
      watching.close()
      expect(child.signalCode).toBe('SIGKILL')
    }

    const notices = await recover({ ...abroad, startMs: START_MS + KILLS * DAYS * DAY_MS, days: 1 })
    const told = new Map<string, number>()
    const written = (await readdir(files)).filter((name) => name !== '.hindra-directory')
    for (const name of written) {
      expect(name).toMatch(/\.json$/)
      const { reports = [], records = [] } = JSON.parse(
        await readFile(join(files, name), 'utf8'),
      ) as Record<'reports' | 'records', { reference: string }[] | undefined>
      for (const { reference } of [...reports, ...records]) {
        told.set(reference, (told.get(reference) ?? 0) + 1)
      }
    }
    expect(notices.length).toBeGreaterThan(2 * KILLS)
    expect(notices.filter(({ state }) => state !== 'sent')).toEqual([])
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(notices.map(({ id }) => [id, 1])))
  })
})
