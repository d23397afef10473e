import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type WorkerFile, workerFile } from '../../src/core/index.ts'
import { createMailReader, type MailReader } from '../../src/mails/index.ts'
import { POLICE_FIRST } from './policy.ts'
import { openTakedownWorld, type TakedownWorld } from './world.ts'

const POLICE = 'ocg@police.example'
const HANGING = workerFile('hanging-mail-worker', import.meta.url)
const MISSING: WorkerFile = { url: new URL('no-such-worker.js', import.meta.url), execArgv: [] }
/** So much of a mail that cannot be read is tried again, for its beginning. */
const HEAD = 'x'.repeat(76).concat('\r\n').repeat(1_000)

let directory: string
let reader: MailReader
let world: TakedownWorld

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-unreadable-'))
  for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(directory, folder))
  world = await openTakedownWorld(
    {},
    {
      rules: POLICE_FIRST,
      flags: { 'inbox.maildir': directory },
      mailReader: {
        read: (raw) => reader.read(raw),
        signed: (...asked) => reader.signed(...asked),
        close: () => reader.close(),
      },
    },
  )
})
afterEach(async () => {
  await reader.close()
  await world.dispose()
  rmSync(directory, { recursive: true })
})

function readBy(worker?: WorkerFile): void {
  reader = createMailReader(
    worker === undefined ? {} : { worker, limits: { secondsMax: 2, memoryMib: 256 } },
  )
}

function deliver(name: string, from: string, body: string, headers = ''): void {
  const text = `From: ${from}\r\n${headers}Content-Type: text/plain\r\n\r\n${body}`
  writeFileSync(join(directory, 'new', `${name}.M1.host`), text)
}

const collect = () => world.takedown.collect('hindra')
const inbox = () =>
  ['new', 'cur'].flatMap((folder) =>
    readdirSync(join(directory, folder)).map((name) => `${folder}/${name}`),
  )

describe('a mail that hangs its parser', () => {
  it('is left to a person, told of, and keeps no other mail waiting', async () => {
    readBy(HANGING)
    await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    const cited = `In-Reply-To: ${world.server.received.at(-1)?.parsed.messageId ?? ''}\r\n`
    deliver('1', POLICE, `Ring mig.\r\n${HEAD}hang the read here`)
    deliver('2', 'anna@evil.example', `${HEAD}hang the read here`)
    deliver('3', POLICE, 'Tack.', cited)
    expect(await collect()).toEqual({
      bounces: 0,
      replies: 1,
      removalClaims: 0,
      unclaimed: 2,
      problems: [
        'inbox: MAIL_UNREADABLE: it took over 2 s to read (left to a person in the mailbox: 2)',
      ],
    })
    expect(inbox()).toEqual(['cur/1.M1.host:2,', 'cur/2.M1.host:2,', 'cur/3.M1.host:2,S'])
    const [told, ...others] = await world.takedown.policeMails({})
    expect(others).toEqual([])
    expect(told).toMatchObject({ why: 'unreadable', proof: 'none', from: POLICE })
    expect(told?.text).toMatch(/^Ring mig\./)
  })
})

describe('a signature that hangs whoever verifies it', () => {
  it('proves nothing, and its mail is an answer like others', async () => {
    readBy(HANGING)
    await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    const cited = `In-Reply-To: ${world.server.received.at(-1)?.parsed.messageId ?? ''}\r\n`
    deliver('1', POLICE, 'Ring mig. hang the proof here', cited)
    expect(await collect()).toMatchObject({ replies: 1, unclaimed: 0, problems: [] })
    const [notice] = await world.takedown.list()
    expect(await world.takedown.replies(notice?.id ?? '')).toMatchObject([{ proof: 'none' }])
  })
})

describe('a mail of more lines and parts than any ordinary mail has', () => {
  it.each([
    ['lines', '\r\n'.repeat(2_000_000)],
    ['parts', '--b\r\n'.repeat(500_000)],
    ['lines of an attachment', 'x'.repeat(76).concat('\r\n').repeat(65_000)],
  ])('is read by its beginning: %s', async (_what, body) => {
    readBy()
    deliver('1', POLICE, `Ring mig.\r\n${body}`)
    expect(await collect()).toMatchObject({ unclaimed: 1, problems: [] })
    const [told] = await world.takedown.policeMails({})
    expect(told?.why).toBe('cites-nothing')
    expect(told?.text).toMatch(/^Ring mig\./)
  })

  it('is not read where that is its header, which could name a field again', async () => {
    readBy()
    deliver('1', POLICE, 'Ring mig.', `${'x:\r\n'.repeat(21_000)}From: a@evil.example\r\n`)
    const { problems } = await collect()
    expect(problems).toEqual([
      'inbox: MAIL_UNREADABLE: a header of over 20000 lines (left to a person in the mailbox: 1)',
    ])
  })
})

describe('where no thread can start', () => {
  it('mails stay where they are until one can', async () => {
    readBy(MISSING)
    deliver('1', POLICE, 'Ring mig.')
    const { problems } = await collect()
    expect(problems).toEqual([expect.stringContaining('WORKER_NOT_STARTED')])
    expect(inbox()).toEqual(['new/1.M1.host'])
    readBy()
    expect(await collect()).toMatchObject({ unclaimed: 1, problems: [] })
    expect(await world.takedown.policeMails({})).toMatchObject([{ why: 'cites-nothing' }])
  })
})
