import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import DKIM from 'nodemailer/lib/dkim'
import type { PoliceHold } from '../../src/takedown/index.ts'
import { POLICE_FIRST } from './policy.ts'
import { openTakedownWorld, type TakedownWorld } from './world.ts'

export const POLICE = 'ocg@police.example'
const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const DKIM_RECORD = `v=DKIM1; k=rsa; p=${KEYS.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`
const FIELDS = 'from:to:date:subject:message-id:in-reply-to:references'
const WORD = /[2-9A-HJKMNP-Z]{4}(?:-[2-9A-HJKMNP-Z]{4}){2}/

/** A letter to the police as they read it. */
export interface Sent {
  readonly caseId: string
  readonly messageId: string
  readonly text: string
  readonly word: string
}

export interface Answer {
  readonly from?: string
  readonly cites?: string
  readonly headers?: readonly string[]
  readonly signs?: { readonly domain: string; readonly fields?: string }
  readonly date?: string
  readonly type?: string
}

export const SIGNED = { signs: { domain: 'police.example' } } as const

export type PoliceDesk = Awaited<ReturnType<typeof openPoliceDesk>>

/** The police, who are told of cases whose host waits for them, and their replies in a real maildir. */
export async function openPoliceDesk(settings: Record<string, unknown> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-holds-'))
  for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(directory, folder))
  const flags = { 'inbox.maildir': directory, ...settings }
  const world: TakedownWorld = await openTakedownWorld({}, { rules: POLICE_FIRST, flags })
  for (const domain of ['police.example', 'evil.example', 'police.example.evil.example']) {
    world.texts.set(`s1._domainkey.${domain}`, DKIM_RECORD)
  }
  let delivered = 0
  let number = 0

  const desk = {
    world,

    /** The newest letter that the police had. */
    newest(caseId: string): Sent {
      const mail = world.server.received.filter(({ to }) => to.includes(POLICE)).at(-1)
      const text = mail?.parsed.text ?? ''
      const messageId = mail?.parsed.messageId ?? ''
      return { caseId, messageId, text, word: WORD.exec(text)?.[0] ?? '' }
    },

    /** A case of which the police were told, and whose host waits for them. */
    async told(url = 'http://alpha.example/1.jpg'): Promise<Sent> {
      const caseId = await world.assessed(url)
      await world.run()
      return desk.newest(caseId)
    },

    async written(lines: readonly string[], answer: Answer): Promise<Buffer> {
      const { from = POLICE, cites, headers = [], type = 'text/plain; charset=utf-8' } = answer
      number += 1
      const raw = Buffer.from(
        [
          ...(from === '' ? [] : [`From: Polisen <${from}>`]),
          'To: bounces@hotline.example',
          'Subject: Re: Anmälan',
          `Date: ${answer.date ?? new Date(world.now()).toUTCString()}`,
          `Message-ID: <${number}@police.example>`,
          ...(cites === undefined ? [] : [`In-Reply-To: ${cites}`]),
          ...headers,
          'MIME-Version: 1.0',
          `Content-Type: ${type}`,
          '',
          ...lines,
          '',
        ].join('\r\n'),
      )
      if (answer.signs === undefined) return raw
      const { domain, fields = FIELDS } = answer.signs
      const options = {
        domainName: domain,
        keySelector: 's1',
        headerFieldNames: fields,
        privateKey: KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      }
      return buffer(new DKIM(options).sign(raw))
    },

    deliver(raw: Buffer): void {
      delivered += 1
      writeFileSync(join(directory, 'new', `${1_000_000 + delivered}.M1.host`), raw)
    },

    /** What the hold is after a reply to a letter came. */
    async after(
      { caseId, messageId }: Pick<Sent, 'caseId' | 'messageId'>,
      lines: readonly string[],
      answer: Answer = {},
    ): Promise<PoliceHold> {
      desk.deliver(await desk.written(lines, { cites: messageId, ...answer }))
      await world.takedown.collect('hindra')
      return world.takedown.holdOf(caseId)
    },

    /** The time in so many hours, by the clocks of the house. */
    local: (hours: number) =>
      new Intl.DateTimeFormat('sv-SE', {
        dateStyle: 'short',
        timeStyle: 'short',
        timeZone: 'Europe/Stockholm',
      }).format(Date.parse(world.now()) + hours * 3_600_000),

    hosts: async () =>
      (await world.takedown.list()).filter(({ role }) => role === 'host').map(({ state }) => state),

    async dispose(): Promise<void> {
      await world.dispose()
      rmSync(directory, { recursive: true })
    },
  }
  return desk
}

export const why = ({ unheeded }: PoliceHold) => unheeded.map((one) => one.why)
